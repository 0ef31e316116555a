#include "cornu/keras/utils/sequences.h"

#include <gmock/gmock.h>

#include "cornu/graph/check.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::utils {
namespace {

using graph::ShapeError;
using graph::ValueError;
using tests::error_text;

const std::vector<std::vector<int>> kSequences{{1}, {2, 3}, {}, {4, 5, 6}};

TEST(PadSequencesTest, FillsUpAndCutsOff) {
  EXPECT_TRUE(array_equal(pad_sequences(kSequences), Array{{0, 0, 1}, {0, 2, 3}, {0, 0, 0}, {4, 5, 6}}));
  EXPECT_EQ(pad_sequences(kSequences).dtype(), graph::int32);
  EXPECT_TRUE(array_equal(pad_sequences(kSequences, {.padding = "post", .value = -1}),
                          Array{{1, -1, -1}, {2, 3, -1}, {-1, -1, -1}, {4, 5, 6}}));
  EXPECT_TRUE(array_equal(pad_sequences(kSequences, {.maxlen = 2}), Array{{0, 1}, {2, 3}, {0, 0}, {5, 6}}));
  EXPECT_TRUE(array_equal(pad_sequences({{1}, {4, 5, 6}}, {.maxlen = 2, .truncating = "post"}), Array{{0, 1}, {4, 5}}));
  const Array halves = pad_sequences(std::vector<std::vector<float>>{{0.5f}, {1.5f, 2.5f}}, {.dtype = "float32"});
  EXPECT_TRUE(array_equal(halves, Array{{0.f, 0.5f}, {1.5f, 2.5f}}));
  EXPECT_EQ(pad_sequences(std::vector<Array>{}).shape(), (Shape{0, 0}));
}

TEST(PadSequencesTest, StepsMayBeArrays) {
  const std::vector<Array> sequences{Array{{1, 2}}, Array{{3, 4}, {5, 6}, {7, 8}}};
  EXPECT_TRUE(array_equal(pad_sequences(sequences, {.maxlen = 2}), Array{{{0, 0}, {1, 2}}, {{5, 6}, {7, 8}}}));
  EXPECT_EQ(error_text<ShapeError>([] {
              pad_sequences(std::vector<Array>{Array{{1, 2}}, Array{1}});
            }),
            "pad_sequences: expected steps of shape (2,), got () in sequence number 1");
}

TEST(PadSequencesTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { pad_sequences(kSequences, {.padding = "both"}); }),
            "pad_sequences: expected padding 'pre' or 'post', got 'both'");
  EXPECT_EQ(error_text<ValueError>([] { pad_sequences(kSequences, {.truncating = "mid"}); }),
            "pad_sequences: expected truncating 'pre' or 'post', got 'mid'");
  EXPECT_EQ(error_text<ValueError>([] { pad_sequences(kSequences, {.maxlen = 0}); }),
            "pad_sequences: expected maxlen of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { pad_sequences(std::vector<Array>{Array::scalar(1)}); }),
            "pad_sequences: expected sequences, number 0 is a scalar");
}

Array count(std::int64_t n) { return graph::arange(0, static_cast<double>(n)).astype(graph::int32); }

// The windows of Keras 3.15.
TEST(TimeseriesTest, GivesWindowsInBatches) {
  const auto windows = timeseries_dataset_from_array(
      count(12), count(12) * 10, {.sequence_length = 3, .sequence_stride = 3, .sampling_rate = 2, .batch_size = 2});
  EXPECT_EQ(windows.size(), 2);
  for (int epoch = 0; epoch < 2; ++epoch) {
    auto batch = windows.begin();
    EXPECT_TRUE(array_equal((*batch)[0], Array{{0, 2, 4}, {3, 5, 7}}));
    EXPECT_TRUE(array_equal((*batch)[1], Array{0, 30}));
    ++batch;
    EXPECT_TRUE(array_equal((*batch)[0], Array{{6, 8, 10}}));
    EXPECT_TRUE(array_equal((*batch)[1], Array{60}));
    ++batch;
    EXPECT_TRUE(batch == windows.end());
  }
  TimeseriesConfig config{.sequence_length = 3, .start_index = 4, .end_index = 9};
  const data::Element part = *timeseries_dataset_from_array(count(12), count(12) * 10, config).begin();
  EXPECT_TRUE(array_equal(part[0], Array{{4, 5, 6}, {5, 6, 7}, {6, 7, 8}}));
  EXPECT_TRUE(array_equal(part[1], Array{40, 50, 60}));
  config.batch_size = std::nullopt;
  EXPECT_TRUE(
      array_equal((*timeseries_dataset_from_array(count(12), std::nullopt, config).begin())[0], Array{4, 5, 6}));
}

TEST(TimeseriesTest, ShufflesInEachPass) {
  const data::Dataset windows = timeseries_dataset_from_array(
      count(40).reshape({20, 2}), std::nullopt, {.sequence_length = 2, .batch_size = 7, .shuffle = true, .seed = 1});
  const auto pass = [&] {
    std::vector<int> firsts;
    for (const data::Element& batch : windows) {
      EXPECT_EQ(batch.size(), 1u);
      for (std::int64_t i = 0; i < batch[0].rows(); ++i) {
        const std::int32_t* window = batch[0].data<std::int32_t>() + i * 4;
        firsts.push_back(window[0]);
        for (int k = 1; k < 4; ++k) EXPECT_EQ(window[k], window[0] + k);
      }
    }
    return firsts;
  };
  std::vector<int> firsts = pass();
  EXPECT_NE(pass(), firsts);
  EXPECT_FALSE(std::is_sorted(firsts.begin(), firsts.end()));
  std::sort(firsts.begin(), firsts.end());
  EXPECT_EQ(firsts.size(), 19u);
  EXPECT_EQ(std::unique(firsts.begin(), firsts.end()), firsts.end());
}

TEST(TimeseriesTest, ErrorsSayWhatWasExpected) {
  const auto text = [](const TimeseriesConfig& config) {
    return error_text<ValueError>([&] { timeseries_dataset_from_array(count(5), std::nullopt, config); });
  };
  EXPECT_EQ(text({}), "timeseries_dataset_from_array: expected a positive sequence_length, got 0");
  EXPECT_EQ(text({.sequence_length = 6}),
            "timeseries_dataset_from_array: 5 steps have no window of 6 steps at sampling_rate 1");
  EXPECT_EQ(text({.sequence_length = 1, .sampling_rate = 5}),
            "timeseries_dataset_from_array: expected sampling_rate from 1 to 4, got 5");
  EXPECT_EQ(text({.sequence_length = 1, .sequence_stride = 0}),
            "timeseries_dataset_from_array: expected sequence_stride from 1 to 4, got 0");
  EXPECT_EQ(text({.sequence_length = 1, .start_index = 5}),
            "timeseries_dataset_from_array: expected start_index from 0 to 4, got 5");
  EXPECT_EQ(text({.sequence_length = 1, .start_index = 2, .end_index = 2}),
            "timeseries_dataset_from_array: expected end_index above 2 and below 5, got 2");
  EXPECT_EQ(text({.sequence_length = 1, .batch_size = 0}),
            "timeseries_dataset_from_array: batch_size must be at least 1, got 0");
}

TEST(SkipgramsTest, ArePairsOfNeighbours) {
  const Skipgrams pairs = skipgrams({1, 0, 2, 3}, 4, {.window_size = 1, .negative_samples = 0, .shuffle = false});
  EXPECT_TRUE(array_equal(pairs.couples, Array{{2, 3}, {3, 2}}));
  EXPECT_TRUE(array_equal(pairs.labels, Array{1, 1}));
  const Skipgrams more =
      skipgrams({1, 0, 2, 3}, 4, {.window_size = 2, .negative_samples = 2, .categorical = true, .seed = 3});
  EXPECT_EQ(more.couples.shape(), (Shape{12, 2}));
  EXPECT_EQ(more.labels.shape(), (Shape{12, 2}));
  EXPECT_EQ(graph::sum(more.labels).item<std::int32_t>(), 12);
  int positive = 0;
  for (std::int64_t i = 0; i < 12; ++i) {
    const std::int32_t *couple = more.couples.data<std::int32_t>() + 2 * i, *label = more.labels.data<std::int32_t>();
    positive += label[2 * i + 1];
    for (int k = 0; k < 2; ++k) EXPECT_TRUE(couple[k] >= 1 && couple[k] < 4);
  }
  EXPECT_EQ(positive, 4);
  EXPECT_EQ(skipgrams({1, 2, 3}, 4, {.sampling_table = {0, 0, 0, 0}}).couples.rows(), 0) << "none is ever taken";
}

TEST(SkipgramsTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { skipgrams({1}, 1); }),
            "skipgrams: expected a vocabulary_size of at least 2, got 1");
  EXPECT_EQ(error_text<ValueError>([] {
              skipgrams({3}, 4, {.sampling_table = {1, 1}});
            }),
            "skipgrams: word 3 has no place in a sampling_table of 2");
  EXPECT_EQ(error_text<ValueError>([] { make_sampling_table(0); }),
            "make_sampling_table: expected a size of at least 1, got 0");
}

TEST(SkipgramsTest, TheTableIsThatOfKeras) {
  EXPECT_TRUE(allclose(make_sampling_table(5),
                       Array(std::vector<double>{0.0031522478751942504, 0.0031522478751942504, 0.0054759726939176976,
                                                 0.007415564097374219, 0.009128167456366161}),
                       1e-12, 0));
}

}  // namespace
}  // namespace cornu::keras::utils
