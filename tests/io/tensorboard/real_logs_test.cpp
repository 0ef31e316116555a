// What Keras and TensorFlow write: every record of their files against a listing that TensorBoard's own messages gave,
// and two records as they stand.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/io/mutations.h"
#include "tests/io/tensorboard/summaries_of.h"
#include "tests/support/shared_data.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;

namespace {

/// The text between two others, searched for from `at` on; empty if they are not there.
std::string between(const std::string& line, const std::string& begin, const std::string& end, std::size_t at = 0) {
  const auto from = line.find(begin, at);
  if (from == std::string::npos) return {};
  const auto to = line.find(end, from + begin.size());
  return line.substr(from + begin.size(), to == std::string::npos ? to : to - from - begin.size());
}

std::string list(const Shape& shape) {
  std::string text = "[";
  for (const auto dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + "]";
}

int number_of(DType dtype) { return dtype == float32 ? 1 : dtype == float64 ? 2 : dtype == int32 ? 3 : -1; }

void expect_summary(const Summary& summary, const std::string& line) {
  EXPECT_EQ(summary.tag, between(line, "tag='", "'"));
  EXPECT_EQ(summary.plugin, between(line, "plugin='", "'"));
  EXPECT_EQ(std::to_string(static_cast<int>(summary.data_class)),
            between(line, "data_class=", ")").substr(between(line, "data_class=", "(").size() + 1));
  const auto tensor = line.find("} tensor dtype=");
  ASSERT_NE(tensor, std::string::npos) << line;
  EXPECT_EQ(std::to_string(summary.numbers ? number_of(summary.numbers->dtype()) : 7),
            between(line, "dtype=", " ", tensor))
      << line;
  EXPECT_EQ(list(summary.numbers ? summary.numbers->shape() : summary.shape),
            between(line, "shape=", "]", tensor) + "]")
      << line;
  if (summary.plugin == "scalars") {
    EXPECT_EQ(summary.numbers->item<double>(), std::stod(between(line, " value=", "\n", tensor))) << line;
  } else if (summary.plugin == "histograms") {
    EXPECT_EQ(std::to_string(summary.numbers->rows()), between(line, "rows=", " ", tensor));
    EXPECT_EQ(sum(summary.numbers->slice(2, 3, 1, 1)).item<double>(), std::stod(between(line, "total=", " ", tensor)));
    EXPECT_EQ((*summary.numbers)[0][0].item<double>(), std::stod(between(line, "first=[", ",", tensor)));
  }
}

const char* what_of(const Event& event) {
  return !event.file_version.empty()   ? "file_version"
         : !event.graph_def.empty()    ? "graph_def"
         : !event.run_metadata.empty() ? "tagged_run_metadata"
                                       : "summary";
}

class RealLogs : public ::testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(RealLogs, AreReadAsTheListingSays) {
  const auto folder = shared_data(std::string("golden-tb/") + GetParam());
  const auto listing = shared_data(std::string("golden-tb/") + GetParam() + ".dump.txt");
  if (!folder || !listing) GTEST_SKIP() << "there is no shared data golden-tb/" << GetParam();
  std::ifstream in(*listing);
  std::vector<Event> events;
  std::size_t event = 0, value = 0, files = 0, records = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("FILE ")) {
      EXPECT_EQ(event, events.size());
      events = events_of(*folder / between(line, "FILE ", " "));
      event = 0;
      ++files;
    } else if (line.starts_with("  @")) {
      ASSERT_LT(event, events.size()) << line;
      const Event& e = events[event++];
      EXPECT_NEAR(e.wall_time, std::stod(between(line, "wall=", " ")), 1e-6);
      EXPECT_EQ(std::to_string(e.step), between(line, "step=", " "));
      EXPECT_EQ(what_of(e), between(line, "what=", " ").substr(0, std::string(what_of(e)).size())) << line;
      value = 0;
      ++records;
    } else if (line.starts_with("     tag='")) {
      ASSERT_GT(event, 0u);
      ASSERT_LT(value, events[event - 1].summaries.size()) << line;
      expect_summary(events[event - 1].summaries[value++], line);
    }
  }
  EXPECT_EQ(event, events.size());
  EXPECT_EQ(files, event_files(*folder).size());
  EXPECT_GT(records, 5u);
}

INSTANTIATE_TEST_SUITE_P(All, RealLogs,
                         ::testing::Values("all-dashboards", "keras215-mlp", "keras3-mlp", "keras3-embedding"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(RecordsOfTensorFlow, AreRead) {
  TemporaryFolder folder;
  // written by Keras 3.15 with TensorFlow's writer: the version, and epoch_loss of the first epoch
  write_text(folder / "tfevents",
             from_hex("3e00000000000000d9d240e70900004062e4c0da411a0d627261696e2e4576656e743a3252240a22"
                      "74656e736f72666c6f772e636f72652e7574696c2e6576656e74735f77726974657280fe25043200"
                      "000000000000241956ec09f488a162e4c0da412a270a250a0a65706f63685f6c6f7373420a080112"
                      "002204810be43f4a0b0a090a077363616c6172734e6e4290"));
  const auto events = events_of(folder / "tfevents");
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].file_version, "brain.Event:2");
  EXPECT_EQ(events[0].wall_time, 1795395977);
  ASSERT_EQ(events[1].summaries.size(), 1u);
  EXPECT_EQ(events[1].summaries[0].tag, "epoch_loss");
  EXPECT_EQ(events[1].summaries[0].plugin, "scalars");
  EXPECT_FLOAT_EQ(events[1].summaries[0].numbers->item<float>(), 1.781601f);
  EXPECT_NEAR(events[1].wall_time, 1795395978.523984, 1e-6);
}
