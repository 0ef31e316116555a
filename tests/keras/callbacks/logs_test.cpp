#include "cornu/keras/callbacks/logs.h"

#include <gtest/gtest.h>

namespace cornu::keras {
namespace {

struct Source {
  int computed = 0;
  double value = 1;
  Logs logs() {
    return Logs::lazy([this] { return ++computed, Logs{{"loss", value}}; });
  }
};

TEST(Logs, LazyOnesAreComputedWhenLookedAtAndOnce) {
  Source source;
  const Logs logs = source.logs();
  EXPECT_EQ(source.computed, 0);
  source.value = 2;
  EXPECT_EQ(logs["loss"], 2);
  source.value = 3;
  EXPECT_EQ(logs.at("loss"), 2);
  EXPECT_TRUE(logs.contains("loss"));
  EXPECT_EQ(logs.size(), 1u);
  EXPECT_EQ(source.computed, 1);
}

TEST(Logs, EveryWayToLookComputes) {
  Source source;
  EXPECT_FALSE(source.logs().empty());
  EXPECT_EQ(source.logs().size(), 1u);
  EXPECT_NE(source.logs().find("loss"), nullptr);
  for (const auto& [name, value] : source.logs()) EXPECT_EQ(name, "loss");
  Logs more = source.logs();
  more.set("extra", 5);
  EXPECT_EQ(more.begin()->first, "loss");
  EXPECT_EQ(more["extra"], 5);
  Logs all{{"a", 1}};
  all.update(source.logs());
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(source.computed, 6);
}

TEST(Logs, ACopyIsOfTheFigures) {
  Source source;
  const Logs logs = source.logs(), copy = logs;
  Logs assigned{{"old", 1}};
  assigned = source.logs();
  source.value = 9;
  EXPECT_EQ(copy["loss"], 1);
  Logs other{{"old", 1}};
  other = logs;
  EXPECT_EQ(other["loss"], 1);
  EXPECT_FALSE(other.contains("old"));
  EXPECT_EQ(assigned["loss"], 9);  // moved: nobody has looked yet
}

}  // namespace
}  // namespace cornu::keras
