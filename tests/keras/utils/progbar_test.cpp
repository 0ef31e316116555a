// Expected texts are those of Keras 2.15's Progbar at the same times.
#include "cornu/keras/utils/progbar.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

namespace cornu::keras::utils {
namespace {

struct Update {
  double time;
  std::int64_t current;
  Logs values = {};
  std::optional<bool> finalize = std::nullopt;
};

// What the bar writes, runs of backspaces as <n>.
std::string shown(ProgbarConfig config, const std::vector<Update>& updates, bool terminal = true) {
  std::ostringstream out;
  double now = 1000;
  Progbar bar(std::move(config), {&out, terminal, [&] { return now; }});
  for (const Update& u : updates) {
    now = 1000 + u.time;
    bar.update(u.current, u.values, u.finalize);
  }
  std::string text;
  int backspaces = 0;
  for (const char c : out.str()) {
    if (c == '\b') {
      ++backspaces;
      continue;
    }
    if (backspaces > 0) text += "<" + std::to_string(backspaces) + ">";
    backspaces = 0;
    text += c;
  }
  return text;
}

const std::vector<Update> kFour{{0.5, 1, {{"loss", 2}, {"acc", 0.5}}},
                                {0.51, 2, {{"loss", 1}, {"acc", 0.6}}},
                                {0.6, 3, {{"loss", 0.5}, {"acc", 0.7}}},
                                {0.8, 4, {{"loss", 0.25}, {"acc", 0.8}}}};

TEST(Progbar, DrawsOverItselfAtMostEveryInterval) {
  EXPECT_EQ(shown({.target = 4, .stateful_metrics = {"loss", "acc"}}, kFour),
            "\r1/4 [======>.......................] - ETA: 1s - loss: 2.0000 - acc: 0.5000"
            "<75>\r3/4 [=====================>........] - ETA: 0s - loss: 0.5000 - acc: 0.7000"
            "<75>\r4/4 [==============================] - 1s 100ms/step - loss: 0.2500 - acc: 0.8000\n");
  EXPECT_EQ(shown({.target = 4, .interval = 1}, {{0.5, 1}, {0.9, 2}, {1.6, 3}}),
            "\r1/4 [======>.......................] - ETA: 1s<46>\r3/4 [=====================>........] - ETA: 0s");
}

TEST(Progbar, WritesOneLineWithoutControlCharactersElsewhere) {
  EXPECT_EQ(shown({.target = 4, .stateful_metrics = {"loss", "acc"}}, kFour, false),
            "4/4 [==============================] - 1s 100ms/step - loss: 0.2500 - acc: 0.8000\n");
}

TEST(Progbar, AveragesOverStepsWhatIsNotStateful) {
  EXPECT_EQ(shown({.target = 4}, {{0.5, 1, {{"loss", 2}}}, {0.6, 3, {{"loss", 0.5}}}, {0.8, 4, {{"loss", 0.25}}}}),
            "\r1/4 [======>.......................] - ETA: 1s - loss: 2.0000"
            "<61>\r3/4 [=====================>........] - ETA: 0s - loss: 1.0000"
            "<61>\r4/4 [==============================] - 1s 100ms/step - loss: 0.8125\n");
  EXPECT_EQ(shown({.target = 2, .stateful_metrics = {"loss"}},
                  {{0.5, 1, {{"loss", 2}}, false}, {0.7, 2, {{"loss", 1}}, false}, {0.9, 2, {{"loss", 1}}, true}}),
            "\r1/2 [==============>...............] - ETA: 0s - loss: 2.0000"
            "<61>\r2/2 [==============================] - ETA: 0s - loss: 1.0000"
            "<61>\r2/2 [==============================] - 1s 400ms/step - loss: 1.0000\n");
}

TEST(Progbar, TellsTheRemainingTime) {
  EXPECT_EQ(shown({.target = 1000}, {{10, 1, {{"loss", 1}}}, {10.1, 2}, {600, 3}, {4000, 990}}),
            "\r   1/1000 [..............................] - ETA: 2:46:30 - loss: 1.0000"
            "<72>\r   2/1000 [..............................] - ETA: 1:39 - loss: 1.0000   "
            "<69>\r   3/1000 [..............................] - ETA: 81:41:55 - loss: 1.0000"
            "<73>\r 990/1000 [============================>.] - ETA: 40s - loss: 1.0000     ");
  EXPECT_EQ(
      shown({.target = 100}, {{1, 1}, {2, 2}, {40, 30}}),
      "\r  1/100 [..............................] - ETA: 1:39<52>\r  2/100 [..............................] - ETA: 1:38"
      "<52>\r 30/100 [========>.....................] - ETA: 1:34");
}

TEST(Progbar, TellsTheTimePerStep) {
  EXPECT_EQ(
      shown({.target = 5}, {{0.1, 1}, {0.1004, 5}}),
      "\r1/5 [=====>........................] - ETA: 0s<46>\r5/5 [==============================] - 0s 100us/step\n");
  EXPECT_EQ(
      shown({.target = 3}, {{1, 1}, {4.4, 3}}),
      "\r1/3 [=========>....................] - ETA: 2s<46>\r3/3 [==============================] - 4s 2s/step\n");
  EXPECT_EQ(shown({.target = 1}, {{0, 1, {}, true}}), "\r1/1 [==============================] - 0s 0s/step\n");
  EXPECT_EQ(shown({.target = 10, .width = 10, .unit_name = "sample"}, {{0.5, 10, {{"loss", 2}}}}),
            "\r10/10 [==========] - 0s 50ms/sample - loss: 2.0000\n");
}

TEST(Progbar, WritesSmallFiguresWithExponents) {
  EXPECT_EQ(shown({.target = 1}, {{0.25, 1, {{"loss", 0.0005}, {"acc", -0.5}}}}),
            "\r1/1 [==============================] - 0s 250ms/step - loss: 5.0000e-04 - acc: -0.5000\n");
  EXPECT_EQ(shown({.target = 1}, {{0.25, 1, {{"loss", 0.001}, {"acc", -0.0001}}}}),
            "\r1/1 [==============================] - 0s 250ms/step - loss: 1.0000e-03 - acc: -1.0000e-04\n");
  EXPECT_EQ(shown({.target = 1}, {{0.5, 1, {{"loss", std::nan("")}, {"acc", INFINITY}}}}),
            "\r1/1 [==============================] - 0s 500ms/step - loss: nan - acc: inf\n");
}

TEST(Progbar, CountsUpWithoutATarget) {
  EXPECT_EQ(shown({}, {{0.25, 1, {{"loss", 1}}}, {0.5, 2, {{"loss", 1}}}, {0.75, 3, {{"loss", 2}}, true}}),
            "\r      1/Unknown - 0s 250ms/step - loss: 1.0000<46>\r      2/Unknown - 0s 250ms/step - loss: 1.0000"
            "<46>\r      3/Unknown - 1s 250ms/step - loss: 1.3333\n");
}

TEST(Progbar, CoversALongerLineWithBlanks) {
  EXPECT_EQ(shown({.target = 100}, {{100, 1, {{"loss", 1}}}, {200, 2, {{"loss", 1}}}, {230, 90}}),
            "\r  1/100 [..............................] - ETA: 2:45:00 - loss: 1.0000<70>\r  2/100 "
            "[..............................] - ETA: 2:43:20 - "
            "loss: 1.0000"
            "<70>\r 90/100 [==========================>...] - ETA: 14s - loss: 1.0000    ");
}

TEST(Progbar, BacksUpByCharactersNotBytes) {
  EXPECT_EQ(shown({.target = 2}, {{0.5, 1, {{"précision", 1}}}, {0.7, 2}}),
            "\r1/2 [==============>...............] - ETA: 0s - précision: 1.0000<66>\r2/2 "
            "[==============================] - 1s 200ms/step - "
            "précision: 1.0000\n");
}

TEST(Progbar, VerboseTwoWritesALineAtTheEnd) {
  for (const bool terminal : {true, false}) {
    EXPECT_EQ(shown({.target = 12, .verbose = 2, .stateful_metrics = {"loss", "acc"}},
                    {{0.5, 1, {{"loss", 2}, {"acc", 0.5}}, false}, {0.8, 12, {{"loss", 0.25}, {"acc", -0.8}}, true}},
                    terminal),
              "12/12 - 1s - loss: 0.2500 - acc: -8.0000e-01 - 800ms/epoch - 67ms/step\n");
    EXPECT_EQ(shown({.target = 3, .verbose = 2}, {{1.5, 3, {{"loss", 2}, {"acc", 0.0005}}}}, terminal),
              "3/3 - 2s - loss: 2.0000 - acc: 5.0000e-04 - 2s/epoch - 500ms/step\n");
  }
}

TEST(Progbar, VerboseZeroIsSilent) { EXPECT_EQ(shown({.target = 1, .verbose = 0}, {{0.5, 1, {{"loss", 2}}}}), ""); }

TEST(Progbar, AddsSteps) {
  std::ostringstream out;
  double now = 0;
  Progbar bar({.target = 10}, {&out, false, [&] { return now; }});
  now = 1;
  bar.add(4, {{"loss", 1}});
  EXPECT_EQ(out.str(), "");
  bar.add(6, {{"loss", 2}});
  EXPECT_EQ(out.str(), "10/10 [==============================] - 1s 100ms/step - loss: 1.6000\n");
}

TEST(Progbar, EndsALineThatIsAbandoned) {
  std::ostringstream out;
  Progbar bar({.target = 10}, {&out, true, [] { return 0.0; }});
  bar.abandon();
  EXPECT_EQ(out.str(), "");
  bar.update(3);
  bar.abandon();
  bar.abandon();
  EXPECT_EQ(out.str(), "\r 3/10 [========>.....................] - ETA: 0s\n");
}

TEST(Progbar, RefusesSenselessArguments) {
  EXPECT_THROW(Progbar({.target = -1}), ValueError);
  EXPECT_THROW(Progbar({.target = 1, .width = 0}), ValueError);
  EXPECT_THROW(Progbar({.target = 1, .verbose = 3}), ValueError);
}

}  // namespace
}  // namespace cornu::keras::utils
