#include "cornu/ops/image/affine_transform.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::image::affine_transform;
using ops::image::AffineTransformConfig;

/// As NumPy numbers the modes of `pad`: a coordinate beyond the axis, turned round at the edges of its pixels.
double reflected(double at, double length) {
  while (at < -0.5 || at > length - 0.5) at = at < -0.5 ? -1 - at : 2 * length - 1 - at;
  return at;
}

double moved(double at, double length, const std::string& fill) {
  if (fill == "constant") return at;
  if (fill == "reflect") at = reflected(at, length);
  return std::min(std::max(at, 0.), length - 1);
}

F64 transformed(const F64& x, const F64& transform, const AffineTransformConfig& config) {
  F64 y(x.shape);
  for_each_index(x.shape, [&](auto index) {
    const double* t = transform.v.data() + (transform.size() == 8 ? 0 : index[0] * 8);
    const auto column = static_cast<double>(index[2]), row = static_cast<double>(index[1]);
    const double k = t[6] * column + t[7] * row + 1;
    const double u = moved((t[0] * column + t[1] * row + t[2]) / k, static_cast<double>(x.shape[2]), config.fill_mode),
                 v = moved((t[3] * column + t[4] * row + t[5]) / k, static_cast<double>(x.shape[1]), config.fill_mode);
    const auto pixel = [&](double r, double c) {
      const bool within =
          r >= 0 && r < static_cast<double>(x.shape[1]) && c >= 0 && c < static_cast<double>(x.shape[2]);
      const std::int64_t at[] = {index[0], static_cast<std::int64_t>(r), static_cast<std::int64_t>(c), index[3]};
      return within ? x.at(at) : config.fill_value;
    };
    double sum = 0;
    if (config.interpolation == "nearest") {
      sum = pixel(std::round(v), std::round(u));
    } else {
      for (const double r : {std::floor(v), std::floor(v) + 1})
        for (const double c : {std::floor(u), std::floor(u) + 1})
          sum += (1 - std::abs(v - r)) * (1 - std::abs(u - c)) * pixel(r, c);
    }
    y.at(index) = sum;
  });
  return y;
}

OpSample sample(std::string what, const Array& x, const Array& transform, const AffineTransformConfig& config) {
  return {.op = "affine_transform",
          .what = std::move(what),
          .build = [=](const Tensors& t) { return affine_transform(t[0], t[1], config); },
          .inputs = {x, transform},
          .reference = [=](const std::vector<F64>& t) { return transformed(t[0], t[1], config); },
          .differentiable = {0}};
}

Array transform(std::vector<double> values) {
  const auto n = static_cast<std::int64_t>(values.size());
  return numbers(n == 8 ? Shape{8} : Shape{n / 8, 8}, std::move(values));
}

const bool special = register_without_special_values("affine_transform", "sums of numbers with weights, as matmul");

const bool samples = register_samples([] {
  const Array turned = transform({0.8, 0.3, -0.9, -0.2, 1.1, 0.4, 0, 0});
  std::vector<OpSample> all;
  for (const std::string fill : {"constant", "nearest", "reflect"})
    for (const std::string interpolation : {"bilinear", "nearest"})
      all.push_back(sample(fill + ", " + interpolation, uniform({2, 3, 4, 2}), turned,
                           {.interpolation = interpolation, .fill_mode = fill, .fill_value = 0.5}));
  all.push_back(sample("one for each picture", uniform({2, 3, 3, 1}),
                       transform({1, 0, 0.5, 0, 1, -0.25, 0, 0, 1.5, 0, 0, 0, 0.5, 0, 0, 0}), {}));
  all.push_back(sample("a projection", uniform({1, 4, 4, 1}), transform({1, 0, -0.5, 0, 1, -0.25, 0.1, 0.05}),
                       {.fill_value = -1}));
  all.push_back(sample("far beyond", uniform({1, 3, 2, 1}), transform({1, 0, 31.25, 0, 1, -40.5, 0, 0}),
                       {.fill_mode = "reflect"}));
  all.push_back(sample("empty", uniform({0, 3, 2, 1}), turned, {}));
  return all;
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3, 4, 1}), t = input(1, {8});
  return std::vector<OpError>{
      {"affine_transform", "expected interpolation 'bilinear' or 'nearest', got 'bicubic'",
       [=] { affine_transform(x, t, {.interpolation = "bicubic"}); }},
      {"affine_transform", "expected fill_mode 'constant', 'nearest', 'reflect' or 'wrap', got 'mirror'",
       [=] { affine_transform(x, t, {.fill_mode = "mirror"}); }},
      {"affine_transform", "expected data_format 'channels_last' or 'channels_first', got ''",
       [=] { affine_transform(x, t, {.data_format = ""}); }},
      {"affine_transform", "expected pictures of three axes, or four with a batch, got shape (2, 3)",
       [=] {
         affine_transform(input(0, {2, 3}), t);
       }},
      {"affine_transform", "expected a transform of shape (8,), or one for each of 2 pictures, got shape (3, 8)",
       [=] {
         affine_transform(x, input(1, {3, 8}));
       }},
      {"affine_transform", "got shape (1, 6)", [=] { affine_transform(x, input(1, {6})); }},
      {"affine_transform", "expected a float32 or bfloat16 tensor, got int32(1, 8)",
       [=] { affine_transform(x, input(1, {8}, graph::int32)); }},
      {"affine_transform", "expected a float32 or bfloat16 tensor, got uint8",
       [=] {
         affine_transform(input(0, {2, 3, 4, 1}, graph::uint8), t);
       }},
  };
});

TEST(AffineTransform, GivesTheNumbersOfKerasOnTensorFlow) {
  const Array x = graph::arange(1, 13).reshape({1, 3, 4, 1}), t = transform({0.8, 0.3, -0.9, -0.2, 1.1, 0.4, 0, 0});
  const auto got = [&](const AffineTransformConfig& config) {
    return interpret({affine_transform(input(0, x.shape()), input(1, {8}), config)}, {x, t})[0].reshape({12});
  };
  const auto expect = [](const Array& y, std::vector<double> want) {
    EXPECT_TRUE(allclose(y, numbers({12}, std::move(want)), 1e-5, 1e-5)) << y;
  };
  expect(got({.fill_value = -1}), {-0.64, 1.52, 1.7, 1.8, 2.2, 6.4, 6.4, 6.4, 1.8, 5.3, 8.04, 11.1});
  expect(got({.fill_mode = "nearest"}), {2.6, 1.8, 1.7, 2.5, 7, 6.4, 6.4, 6.4, 9, 9.5, 10.3, 11.1});
  expect(got({.fill_mode = "wrap"}), {5.6, 4.8, 1.7, 10.5, 10, 6.4, 6.4, 6.4, 4, 1.5, 2.3, 11.1});
  expect(got({.interpolation = "nearest", .fill_mode = "wrap"}), {4, 4, 2, 11, 12, 5, 6, 7, 4, 2, 2, 11});
}

TEST(AffineTransform, ChannelsFirstAndSinglePictures) {
  const Array a = uniform({2, 3, 4, 5}), t = transform({1, 0, -0.5, 0, 1, 0.25, 0, 0});
  const Tensor x = input(0, a.shape()), first = input(0, {2, 5, 3, 4}), single = input(0, {3, 4, 5}), m = input(1, {8});
  const Array y = interpret({affine_transform(x, m)}, {a, t})[0];
  EXPECT_TRUE(array_equal(
      interpret({affine_transform(first, m, {.data_format = "channels_first"})}, {a.transpose({0, 3, 1, 2}), t})[0],
      y.transpose({0, 3, 1, 2})));
  EXPECT_TRUE(array_equal(interpret({affine_transform(single, m)}, {a[1], t})[0], y[1]));
}

TEST(AffineTransform, NowhereIsTheFillValue) {
  const Array x = graph::ones({1, 2, 2, 1});
  for (const Array& t : {transform({1, 0, INFINITY, 0, 1, 0, 0, 0}), transform({1, 0, NAN, 0, 1, 0, 0, 0}),
                         transform({1, 0, 1e30, 0, 1, -1e30, 0, 0})})
    for (const std::string fill : {"constant", "reflect", "wrap"}) {
      const Tensor y = affine_transform(input(0, x.shape()), input(1, {8}), {.fill_mode = fill, .fill_value = 3});
      EXPECT_TRUE(array_equal(interpret({y}, {x, t})[0], graph::full({1, 2, 2, 1}, 3))) << t << fill;
    }
}

// The gradient hands back by the weights of the pictures, also where the same pixel counts several times.
TEST(AffineTransform, WrapHasTheGradientOfItsValues) {
  const Array x = uniform({1, 3, 4, 1}), g = uniform({1, 3, 4, 1}, -2, 2, 5),
              t = transform({1.3, 0.3, -2.9, -0.2, 1.1, 1.4, 0, 0});
  const Tensor a = input(0, x.shape()), b = input(1, x.shape()), m = input(2, {8});
  const Tensor y = affine_transform(a, m, {.fill_mode = "wrap"});
  const Tensor dx = autodiff::gradients(ops::sum(y * b), {a})[0];
  const auto got = interpret({ops::sum(y * b), ops::sum(dx * a)}, {x, g, t});
  EXPECT_NEAR(got[0].item<double>(), got[1].item<double>(), 1e-4);
}

}  // namespace
}  // namespace cornu::tests
