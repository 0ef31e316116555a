#include "cornu/ops/image/color.h"

#include <gtest/gtest.h>

#include "cornu/autodiff/gradient_check.h"
#include "cornu/graph/array/random.h"
#include "cornu/graph/function.h"

namespace cornu::ops::image {
namespace {

using graph::Array;
using graph::float32;
using graph::Function;

template <class F>
Array computed(F f, const Array& x) {
  return Function([f](const Tensor& t) { return f(t); })(x);
}
Array some(const graph::Shape& shape) { return graph::random::Generator(1).uniform(shape, 0.05, 0.95); }
Array first(const Array& x) { return x.transpose({0, 3, 1, 2}); }

// The numbers of keras.ops.image.rgb_to_hsv.
TEST(ColorTest, HueSaturationAndValueAreThoseOfKeras) {
  const Array x =
      (Array{0.f, 37.f, 74.f, 111.f, 148.f, 185.f, 222.f, 3.f, 40.f, 77.f, 114.f, 151.f, 188.f, 225.f, 6.f} / 255.f)
          .reshape({1, 5, 3});
  const Array want = Array{0.583333f, 1.f,       0.290196f, 0.583333f, 0.4f,      0.72549f,  0.971842f, 0.986486f,
                           0.870588f, 0.583333f, 0.490066f, 0.592157f, 0.194825f, 0.973333f, 0.882353f}
                         .reshape({1, 5, 3});
  EXPECT_TRUE(allclose(computed([](const Tensor& t) { return rgb_to_hsv(t); }, x), want, 1e-5, 1e-6));
  const Array grey = computed([](const Tensor& t) { return rgb_to_hsv(t); },
                              Array{0.5f, 0.5f, 0.5f, 0.f, 0.f, 0.f}.reshape({1, 2, 3}));
  EXPECT_TRUE(array_equal(grey, Array{0.f, 0.f, 0.5f, 0.f, 0.f, 0.f}.reshape({1, 2, 3})));
}

TEST(ColorTest, ThereAndBackAgain) {
  const Array x = some({2, 5, 4, 3});
  const auto both = [](const std::string& format) {
    return [format](const Tensor& t) { return hsv_to_rgb(rgb_to_hsv(t, format), format); };
  };
  EXPECT_TRUE(allclose(computed(both("channels_last"), x), x, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(computed(both("channels_first"), first(x)), first(x), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(computed(both("channels_last"), x[0]), x[0], 1e-5, 1e-6));
}

TEST(ColorTest, GradientsAreThoseOfTheValues) {
  const Array apart = Array{0.1f, 0.5f, 0.9f, 0.8f, 0.2f, 0.5f, 0.3f, 0.9f, 0.6f}.reshape({1, 3, 3});
  for (const auto f :
       {+[](const Tensor& t) { return rgb_to_hsv(t); }, +[](const Tensor& t) { return rgb_to_grayscale(t); }}) {
    const auto report = autodiff::gradient_check([f](std::span<const Tensor> x) { return graph::Outputs{f(x[0])}; },
                                                 std::vector<Array>{apart});
    EXPECT_TRUE(report.passed) << report;
  }
}

TEST(ColorTest, GreyKeepsTheDtype) {
  const auto grey = [](const Tensor& t) { return rgb_to_grayscale(t); };
  const Array y = computed(grey, Array{0, 37, 74}.astype(graph::uint8).reshape({1, 1, 3}));
  EXPECT_EQ(y.dtype(), graph::uint8);
  EXPECT_EQ(y.item<std::uint8_t>(), 30);
  EXPECT_NEAR(computed(grey, Array{0.f, 37.f, 74.f}.reshape({1, 1, 3})).item<float>(), 30.155, 1e-4);
  EXPECT_EQ(computed(grey, graph::ones({2, 4, 4, 1})).shape(), (graph::Shape{2, 4, 4, 1}));
}

TEST(ColorTest, RefusesWhatHasNoColors) {
  EXPECT_THROW(computed([](const Tensor& t) { return rgb_to_hsv(t); }, graph::zeros({2, 2, 4})), graph::ShapeError);
  EXPECT_THROW(computed([](const Tensor& t) { return rgb_to_hsv(t); }, graph::zeros({2, 3})), graph::ShapeError);
  EXPECT_THROW(computed([](const Tensor& t) { return hsv_to_rgb(t, "last"); }, graph::zeros({2, 2, 3})),
               graph::ValueError);
  EXPECT_THROW(computed([](const Tensor& t) { return rgb_to_hsv(t); }, graph::zeros({2, 2, 3}, graph::uint8)),
               graph::TypeError);
}

}  // namespace
}  // namespace cornu::ops::image
