// Each kind of value by the writer's own functions, read back: for which dashboard, in what form.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "cornu/io/tensorboard/proto/hparams.pb.h"
#include "cornu/io/tensorboard/summary_writer.h"
#include "tests/io/temporary_folder.h"
#include "tests/io/tensorboard/summaries_of.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;

namespace {

class WriterKinds : public ::testing::Test {
 protected:
  /// The events after the version, each of one value.
  std::vector<Event> written() {
    writer_.flush();
    auto events = events_of(writer_.path());
    EXPECT_FALSE(events.empty());
    if (!events.empty()) events.erase(events.begin());
    for (const Event& event : events) EXPECT_EQ(event.summaries.size(), 1u);
    return events;
  }
  Summary only() {
    auto events = written();
    EXPECT_EQ(events.size(), 1u);
    if (events.empty()) return {};
    EXPECT_EQ(events[0].step, 4);
    return events[0].summaries.at(0);
  }
  void expect(const Summary& summary, const char* tag, const char* plugin, DataClass data_class) {
    EXPECT_EQ(summary.tag, tag);
    EXPECT_EQ(summary.plugin, plugin);
    EXPECT_EQ(summary.data_class, data_class);
  }

  TemporaryFolder folder_;
  SummaryWriter writer_{folder_.path()};
};

}  // namespace

TEST_F(WriterKinds, Scalar) {
  writer_.scalar("loss", 0.1, 4, {"the loss", "of **training**"});
  const Summary summary = only();
  expect(summary, "loss", "scalars", DataClass::scalar);
  EXPECT_EQ(summary.numbers->spec(), (Spec{float32, {}}));
  EXPECT_EQ(summary.numbers->item<float>(), 0.1f);
  EXPECT_EQ(summary.description.display_name, "the loss");
  EXPECT_EQ(summary.description.description, "of **training**");
}

TEST_F(WriterKinds, ScalarsThatAreNoNumbers) {
  writer_.scalar("x", std::numeric_limits<double>::quiet_NaN(), 4);
  EXPECT_TRUE(std::isnan(only().numbers->item<float>()));
}

TEST_F(WriterKinds, Histogram) {
  writer_.histogram("weights", Array{1.f, 2.f, 2.f, 3.f}, 4);
  const Summary summary = only();
  expect(summary, "weights", "histograms", DataClass::tensor);
  ASSERT_EQ(summary.numbers->ndim(), 2);
  EXPECT_EQ(summary.numbers->dtype(), float64);
  EXPECT_EQ(summary.numbers->shape()[1], 3);
  double count = 0;
  for (const Array& row : *summary.numbers) count += row[2].item<double>();
  EXPECT_EQ(count, 4);
}

TEST_F(WriterKinds, AHistogramOfNothingIsNotWritten) {
  writer_.histogram("weights", Array(Shape{0}), 4);
  writer_.histogram("weights", Array{std::numeric_limits<float>::infinity()}, 4);
  EXPECT_TRUE(written().empty());
}

TEST_F(WriterKinds, Image) {
  writer_.image("digits", zeros({2, 5, 7, 1}), 4);
  const Summary summary = only();
  expect(summary, "digits", "images", DataClass::blob_sequence);
  ASSERT_EQ(summary.strings.size(), 4u);
  EXPECT_EQ(summary.strings[0], "7");
  EXPECT_EQ(summary.strings[1], "5");
  EXPECT_EQ(summary.strings[2].substr(1, 3), "PNG");
}

TEST_F(WriterKinds, Text) {
  writer_.text("note", "schön **fett** \xff", 4);
  const Summary summary = only();
  expect(summary, "note", "text", DataClass::tensor);
  EXPECT_EQ(summary.strings, std::vector<std::string>{"schön **fett** \xef\xbf\xbd"});
}

TEST_F(WriterKinds, TextInATable) {
  writer_.text("table", {{"a", "b"}, {"1", "2"}}, 4);
  EXPECT_EQ(only().shape, (Shape{2, 2}));
}

TEST_F(WriterKinds, Audio) {
  writer_.audio("beep", zeros({100}), 8000, 4);
  const Summary summary = only();
  expect(summary, "beep", "audio", DataClass::unknown);  // the loaders take its axis of labels away only then
  EXPECT_EQ(summary.strings.at(0).substr(0, 4), "RIFF");
}

TEST_F(WriterKinds, Mesh) {
  writer_.mesh("cube", zeros({4, 3}), 4, {.faces = Array{{0, 1, 2}}});
  const auto events = written();
  ASSERT_EQ(events.size(), 2u);
  for (const Event& event : events) EXPECT_EQ(event.summaries[0].plugin, "mesh");
}

TEST_F(WriterKinds, PrCurve) {
  writer_.pr_curve("curve", Array{0, 1, 1}, Array{0.1f, 0.6f, 0.9f}, 4, {.num_thresholds = 5});
  const Summary summary = only();
  expect(summary, "curve", "pr_curves", DataClass::tensor);
  EXPECT_EQ(summary.numbers->shape(), (Shape{6, 5}));
}

TEST_F(WriterKinds, CustomScalars) {
  writer_.custom_scalars({.categories = {{"progress", {{.title = "loss", .tags = {"epoch_loss"}}}}}});
  const auto events = written();
  ASSERT_EQ(events.size(), 1u);
  expect(events[0].summaries[0], "custom_scalars__config__", "custom_scalars", DataClass::tensor);
}

TEST_F(WriterKinds, KerasModel) {
  writer_.keras_model("{\"class_name\": \"Sequential\"}", 4);
  const Summary summary = only();
  expect(summary, "keras", "graph_keras_model", DataClass::blob_sequence);
  EXPECT_EQ(summary.content, "1");
  EXPECT_EQ(summary.shape, Shape{1});
  EXPECT_EQ(summary.strings, std::vector<std::string>{"{\"class_name\": \"Sequential\"}"});
}

TEST_F(WriterKinds, HParamsEndWithTheMetricsAtTheLastStep) {
  writer_.scalar("loss", 3, 9);
  writer_.hparams({{"units", 512.0}, {"optimizer", "rmsprop"}, {"dropout", true}}, {{"accuracy", 0.75}, {"loss", 2}},
                  "trial 1");
  const auto events = written();
  ASSERT_EQ(events.size(), 5u);
  const auto data = [&](std::size_t i) {
    cornu_tensorboard::HParamsPluginData out;
    expect(events[i].summaries[0], i == 1 ? "_hparams_/session_start_info" : "_hparams_/session_end_info", "hparams",
           DataClass::tensor);
    EXPECT_TRUE(out.ParseFromString(events[i].summaries[0].content));
    return out;
  };
  const auto start = data(1).session_start_info();
  EXPECT_EQ(start.group_name(), "trial 1");
  EXPECT_EQ(start.hparams().at("units").number_value(), 512);
  EXPECT_EQ(start.hparams().at("optimizer").string_value(), "rmsprop");
  EXPECT_TRUE(start.hparams().at("dropout").bool_value());
  EXPECT_GT(start.start_time_secs(), 1.6e9);
  EXPECT_EQ(events[2].summaries[0].tag, "accuracy");
  EXPECT_EQ(events[2].step, 9);
  EXPECT_EQ(events[3].summaries[0].numbers->item<float>(), 2);
  EXPECT_EQ(events[3].step, 9);
  const auto end = data(4).session_end_info();
  EXPECT_EQ(end.status(), cornu_tensorboard::STATUS_SUCCESS);
  EXPECT_GE(end.end_time_secs(), start.start_time_secs());
}
