#include "cornu/keras/models/internal/class_weights.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::error_text;
using graph::Array;
using graph::ValueError;
using graph::zeros;

const std::map<int, double> kWeights = {{0, 0.5}, {2, 3}};

void expect_weights(const Array& y, const Array& expected) {
  const Array weights = class_weights(y, kWeights);
  EXPECT_EQ(weights.dtype(), graph::float32);
  EXPECT_TRUE(array_equal(weights, expected)) << weights;
}

TEST(ClassWeights, BelongToClassNumbers) {
  const Array expected = {0.5f, 1.f, 3.f, 1.f};  // class 1 and class 7 have no weight of their own
  expect_weights(Array{0, 1, 2, 7}, expected);
  expect_weights(Array(std::vector<std::uint8_t>{0, 1, 2, 7}), expected);
  expect_weights(Array{0.f, 1.f, 2.f, 7.f}, expected);
  expect_weights(Array{0, 1, 2, 7}.reshape({4, 1}), expected);
  expect_weights(Array{-1, 0}, Array{1.f, 0.5f});
}

TEST(ClassWeights, BelongToOneHotRows) {
  expect_weights(Array{{1.f, 0.f, 0.f}, {0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, Array{0.5f, 1.f, 3.f});
  expect_weights(Array{{1, 0, 0}, {0, 0, 1}}, Array{0.5f, 3.f});
  expect_weights(Array{{0.2f, 0.1f, 0.7f}}, Array{3.f});  // the largest of a row
}

TEST(ClassWeights, SaysWhatItCannotWeigh) {
  EXPECT_EQ(error_text<ValueError>([] {
              class_weights(zeros({2, 3, 4}), kWeights);
            }),
            "class_weight needs targets of shape (samples,), (samples, 1) or (samples, classes), got (2, 3, 4)");
  EXPECT_THROW(class_weights(Array::scalar(1), kWeights), ValueError);
}

}  // namespace
}  // namespace cornu::keras::models
