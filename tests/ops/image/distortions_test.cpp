// Blurring, perspective and elastic distortion.

#include <gtest/gtest.h>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/image/elastic_transform.h"
#include "cornu/ops/image/gaussian_blur.h"
#include "cornu/ops/image/perspective_transform.h"

namespace cornu::ops::image {
namespace {

using graph::Array;
using graph::Function;
using graph::Shape;

Array picture() {
  Array x = graph::empty({1, 4, 4, 1});
  for (std::int64_t i = 0; i < 16; ++i) x.data<float>()[i] = static_cast<float>(i * 111 % 256);
  return x;
}
Array first(const Array& x) { return x.transpose({0, 3, 1, 2}); }

void expect_numbers(const Array& y, std::vector<float> want) {
  Array wanted = graph::empty(y.shape());
  std::copy(want.begin(), want.end(), wanted.data<float>());
  EXPECT_TRUE(allclose(y, wanted, 1e-5, 2e-3)) << y;
}

// The numbers of keras.ops.image.
TEST(GaussianBlurTest, IsThatOfKeras) {
  const auto blurred = [](const Array& x, std::array<int, 2> size, const std::string& format) {
    return Function([=](const Tensor& t) { return gaussian_blur(t, size, Array{0.7f, 1.3f}, format); })(x);
  };
  const Array y = blurred(picture(), {5, 5}, "channels_last");
  expect_numbers(y, {47.7516, 75.483, 90.963, 51.1841, 78.1169, 109.809, 112.085, 73.2141, 83.4664, 116.348, 101.884,
                     79.3989, 60.0119, 86.5688, 65.8551, 60.7964});
  EXPECT_TRUE(allclose(blurred(first(picture()), {5, 5}, "channels_first"), first(y)));
  EXPECT_TRUE(allclose(blurred(picture()[0], {5, 5}, "channels_last"), y[0]));
  // One row of weights across: each row by itself.
  const Array across = blurred(picture(), {1, 3}, "channels_last");
  EXPECT_TRUE(allclose(blurred(picture()[0].slice(0, 1), {1, 3}, "channels_last"), across[0].slice(0, 1)));
  EXPECT_THROW(blurred(picture(), {0, 3}, "channels_last"), graph::ValueError);
}

TEST(PerspectiveTransformTest, IsThatOfKeras) {
  const Array start = Array{0.f, 0.f, 3.f, 0.f, 0.f, 3.f, 3.f, 3.f}.reshape({4, 2}),
              end = Array{0.f, 0.f, 2.5f, 0.5f, -0.5f, 3.5f, 3.2f, 2.1f}.reshape({4, 2});
  const auto seen = [](const Array& x, const Array& start, const Array& end, const PerspectiveTransformConfig& config) {
    return Function([=](const Tensor& t) { return perspective_transform(t, start, end, config); })(x);
  };
  const Array y = seen(picture(), start, end, {.fill_value = 7});
  expect_numbers(y, {0, 58.5511, 7, 7, 162.945, 111.081, 128.069, 15.1615, 122.261, 175.274, 125.715, 113.796, 82.2011,
                     118.934, 82.8653, 16.4881});
  expect_numbers(seen(picture(), start, end, {.interpolation = "nearest"}),
                 {0, 111, 0, 0, 188, 43, 154, 0, 120, 231, 163, 129, 52, 163, 163, 0});
  EXPECT_TRUE(
      allclose(seen(first(picture()), start, end, {.fill_value = 7, .data_format = "channels_first"}), first(y)));
  EXPECT_TRUE(allclose(seen(picture(), start, start, {}), picture(), 1e-4, 1e-2)) << "nothing moves";
  // All four at one place: nothing is seen.
  EXPECT_TRUE(
      array_equal(seen(picture(), start, graph::zeros({4, 2}), {.fill_value = 7}), graph::full({1, 4, 4, 1}, 7)));
  EXPECT_THROW(seen(picture(), start, graph::zeros({3, 2}), {}), graph::ShapeError);
  EXPECT_THROW(seen(picture(), graph::zeros({2, 4}), graph::zeros({2, 4}), {}), graph::ShapeError);
  EXPECT_THROW(seen(picture(), start, end, {.interpolation = "cubic"}), graph::ValueError);
}

Array distorted(const Array& x, float alpha, float sigma, const ElasticTransformConfig& config) {
  const Array state = Array{std::int64_t{3}, std::int64_t{0}};
  return Function([=](const Tensor& t) { return elastic_transform(t, Array{alpha}, Array{sigma}, state, config); })(x);
}

TEST(ElasticTransformTest, WithoutStrengthNothingMoves) {
  for (const char* mode : {"constant", "nearest", "reflect", "mirror", "wrap"})
    for (const char* interpolation : {"bilinear", "nearest"})
      EXPECT_TRUE(
          array_equal(distorted(picture(), 0, 1, {.interpolation = interpolation, .fill_mode = mode}), picture()))
          << mode;
}

// Far away there is what the mode says.
TEST(ElasticTransformTest, BeyondTheEdges) {
  const Array x = picture() + 1000;
  const auto far = [&](const char* mode, const char* interpolation = "nearest") {
    return distorted(x, 300, 1, {.interpolation = interpolation, .fill_mode = mode, .fill_value = 7});
  };
  int filled = 0;
  const Array constant = far("constant");
  for (std::int64_t i = 0; i < 16; ++i) filled += constant.data<float>()[i] == 7;
  EXPECT_GT(filled, 10);
  for (const char* mode : {"nearest", "reflect", "mirror", "wrap"}) {
    const Array y = far(mode), between = far(mode, "bilinear");
    for (std::int64_t i = 0; i < 16; ++i) {
      const float* all = x.data<float>();
      EXPECT_NE(std::find(all, all + 16, y.data<float>()[i]), all + 16) << mode;
    }
    EXPECT_GE(graph::min(between).item<float>(), 1000 - 1e-3);
    EXPECT_LE(graph::max(between).item<float>(), 1256);
  }
  EXPECT_FALSE(array_equal(far("reflect"), far("mirror")));
}

TEST(ElasticTransformTest, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(distorted(picture(), 1, 1, {.fill_mode = "edge"}), graph::ValueError);
  EXPECT_THROW(distorted(picture()[0], 1, 1, {}), graph::ShapeError);
}

}  // namespace
}  // namespace cornu::ops::image
