#include "cornu/keras/utils/split_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "cornu/keras/utils/normalize.h"
#include "tests/keras/data/elements.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::utils {
namespace {

using data::Dataset;
using tests::error_text;
using tests::lists;
using tests::numbers;
using Numbers = std::vector<std::int64_t>;

TEST(SplitDatasetTest, GivesTheFirstAndTheLastSamples) {
  const auto split = [](const SplitDatasetConfig& config) {
    const auto [left, right] = split_dataset(Dataset::range(5), config);
    return std::pair(numbers(left), numbers(right));
  };
  EXPECT_EQ(split({.left_size = 2}), std::pair(Numbers({0, 1}), Numbers({2, 3, 4})));
  EXPECT_EQ(split({.left_size = 0.5}), std::pair(Numbers({0, 1}), Numbers({2, 3, 4}))) << "2.5 is rounded to even";
  EXPECT_EQ(split({.right_size = 0.2}), std::pair(Numbers({0, 1, 2, 3}), Numbers({4})));
  EXPECT_EQ(split({.left_size = 1, .right_size = 2}), std::pair(Numbers({0}), Numbers({3, 4})));
  auto [left, right] = split({.left_size = 2, .shuffle = true, .seed = 4});
  EXPECT_EQ(split({.left_size = 2, .shuffle = true, .seed = 4}), std::pair(left, right));
  left.insert(left.end(), right.begin(), right.end());
  EXPECT_NE(left, (Numbers{0, 1, 2, 3, 4}));
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (Numbers{0, 1, 2, 3, 4}));
}

TEST(SplitDatasetTest, TakesArraysAndBatches) {
  const auto [train, test] = split_dataset({arange(0, 6).reshape({3, 2}), Array{7, 8, 9}}, {.left_size = 2});
  EXPECT_EQ(train.size(), 2);
  EXPECT_EQ((*test.begin())[1].item<int>(), 9);
  const auto [left, right] = split_dataset(Dataset::range(5).batch(2), {.left_size = 3});
  EXPECT_EQ(lists(left), (std::vector<Numbers>{{0, 1}, {2}}));
  EXPECT_EQ(lists(right), (std::vector<Numbers>{{3, 4}}));
}

TEST(SplitDatasetTest, SaysWhatDoesNotFit) {
  const auto text = [](const SplitDatasetConfig& config) {
    return error_text<ValueError>([&] { split_dataset(Dataset::range(5), config); });
  };
  EXPECT_EQ(text({}), "split_dataset: left_size or right_size is needed");
  EXPECT_EQ(text({.left_size = 5}),
            "split_dataset: expected left_size as a number of samples below 5, or a share between 0 and 1, got 5");
  EXPECT_EQ(text({.right_size = 1.5}),
            "split_dataset: expected right_size as a number of samples below 5, or a share between 0 and 1, got 1.5");
  EXPECT_EQ(text({.left_size = 3, .right_size = 3}),
            "split_dataset: left_size and right_size are 3 and 3 of 5 samples");
  EXPECT_EQ(text({.left_size = 0.05}), "split_dataset: of 5 samples 0 are left, 5 right: neither may be empty");
  EXPECT_EQ(error_text<ValueError>([] { split_dataset(Dataset::range(5).repeat(), {.left_size = 1}); }),
            "split_dataset: the data has no end");
}

TEST(NormalizeTest, DividesByTheNorms) {
  const Array x{{3.f, 4.f}, {0.f, 0.f}};
  EXPECT_TRUE(allclose(normalize(x), Array{{0.6f, 0.8f}, {0.f, 0.f}}));
  EXPECT_EQ(normalize(x).dtype(), float32);
  EXPECT_TRUE(allclose(normalize(Array{{3, -4}}, 1, 1), Array{{3. / 7, -4. / 7}}));
  EXPECT_TRUE(allclose(normalize(x, 0), Array{{1.f, 1.f}, {0.f, 0.f}}));
  EXPECT_TRUE(allclose(normalize(x, -1, std::numeric_limits<double>::infinity()), Array{{0.75f, 1.f}, {0.f, 0.f}}));
  EXPECT_THROW(normalize(x, 2), ShapeError);
  EXPECT_THROW(normalize(x, 0, 0), ValueError);
}

}  // namespace
}  // namespace cornu::keras::utils
