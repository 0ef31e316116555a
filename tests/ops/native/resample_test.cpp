#include "cornu/ops/native/resample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

double kernel(const std::string& name, double x) {
  x = std::abs(x);
  if (name == "bilinear") return std::max(0., 1 - x);
  if (name == "bicubic") {  // Keys (1981)
    if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
    return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
  }
  const double radius = name == "lanczos3" ? 3 : 5, pi = std::numbers::pi;
  if (x == 0) return 1;
  return x >= radius ? 0 : radius * std::sin(pi * x) * std::sin(pi * x / radius) / (pi * pi * x * x);
}

/// The weight of point i of `in` for point r of `out`, before all weights of r are made to sum to 1.
double weight(const std::string& name, bool antialias, std::int64_t r, std::int64_t i, std::int64_t in,
              std::int64_t out) {
  const auto scale = static_cast<double>(in) / static_cast<double>(out);
  const double from = static_cast<double>(r) * scale, to = from + scale, left = static_cast<double>(i);
  if (name == "area") return std::max(0., std::min(to, left + 1) - std::max(from, left));
  const double at = (from + to) / 2;
  if (name == "nearest") return std::floor(at) == left ? 1 : 0;
  return kernel(name, (left + 0.5 - at) / (antialias ? std::max(scale, 1.) : 1));
}

F64 resampled(const F64& x, int axis, std::int64_t length, const std::string& name, bool antialias) {
  axis = x.shape.normalize(axis);
  const std::int64_t in = x.shape[axis];
  F64 y(x.shape.with(axis, length));
  for_each_index(y.shape, [&](auto index) {
    std::vector<std::int64_t> from(index.begin(), index.end());
    double sum = 0, weights = 0;
    for (std::int64_t i = 0; i < in; ++i) {
      from[axis] = i;
      const double w = weight(name, antialias, index[axis], i, in, length);
      sum += w * x.at(from), weights += w;
    }
    y.at(index) = sum / weights;
  });
  return y;
}

OpSample resample_sample(std::string what, const Array& x, int axis, std::int64_t length, const std::string& name,
                         bool antialias = false) {
  return {.op = "resample",
          .what = std::move(what),
          .build =
              [=](const Tensors& t) {
                return ops::resample(t[0], axis, length, {.interpolation = name, .antialias = antialias});
              },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& t) { return resampled(t[0], axis, length, name, antialias); },
          .differentiable = {0}};
}

const bool special = register_without_special_values("resample", "sums of numbers with weights, as matmul");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const std::string name : {"nearest", "bilinear", "lanczos3", "lanczos5", "area", "bicubic"}) {
    all.push_back(resample_sample(name + ", more", uniform({2, 4, 3}), 1, 8, name));
    all.push_back(resample_sample(name + ", fewer", uniform({9, 2}), 0, 3, name));
    all.push_back(resample_sample(name + ", fewer with antialias", uniform({2, 7}), -1, 3, name, true));
    all.push_back(resample_sample(name + ", of one", uniform({2, 1}), 1, 4, name));
    // The cubic kernel is looked up at multiples of 1/1024 unless it is widened.
    if (name != "bicubic") all.push_back(resample_sample(name + ", 7 to 10", uniform({7, 2}), 0, 10, name));
  }
  all.push_back(resample_sample("empty", uniform({0, 4}), 1, 2, "bilinear"));
  return all;
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3});
  return std::vector<OpError>{
      {"resample", "axis 2 is out of bounds for shape (2, 3)", [=] { ops::resample(x, 2, 4); }},
      {"resample", "expected a length of at least 1, got 0", [=] { ops::resample(x, 1, 0); }},
      {"resample", "axis 0 of shape (0, 3) is empty",
       [] {
         ops::resample(input(0, {0, 3}), 0, 4);
       }},
      {"resample",
       "expected interpolation 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5' or 'area', got 'cubic'",
       [=] { ops::resample(x, 1, 4, {.interpolation = "cubic"}); }},
      {"resample", "expected a float32 or bfloat16 tensor, got int32",
       [] {
         ops::resample(input(0, {2, 3}, graph::int32), 1, 4);
       }},
  };
});

TEST(Resample, GivesTheNumbersOfKerasOnTensorFlow) {
  struct Row {
    const char* interpolation;
    bool antialias;
    std::vector<double> five, twelve;
  };
  const Row rows[] = {
      {"nearest", false, {3, 4, 1, 5, 2}, {3, 3, -1, 4, 4, 1, 1, 5, 5, -9, 2, 2}},
      {"bilinear",
       false,
       {2.2, 2, 1, -0.6000013, -0.2000027},
       {3, 1.5, -0.833333, 1.708333, 3.625, 1.875, 2.166666, 4.5, -1.416662, -8.541668, -2.125, 2}},
      {"bilinear",
       true,
       {1.666667, 1.777777, 2.272727, -1.222223, -1.666668},
       {3, 1.5, -0.833333, 1.708333, 3.625, 1.875, 2.166666, 4.5, -1.416662, -8.541669, -2.125, 2}},
      {"bicubic",
       false,
       {2.352554, 2.141297, 1, -0.5114534, 0.2157584},
       {3.310616, 1.506824, -0.9987031, 1.736506, 3.959961, 1.605145, 2.198959, 5.313477, -1.622407, -9.001247,
        -2.11647, 2.854192}},
      {"bicubic",
       true,
       {1.566161, 1.677018, 2.952183, -1.41822, -1.956618},
       {3.310966, 1.506824, -0.9988795, 1.734193, 3.959961, 1.603842, 2.196792, 5.313477, -1.628719, -9.001699,
        -2.11647, 2.855155}},
      {"lanczos3",
       false,
       {2.180683, 2.180733, 0.9999996, -0.8459972, -0.2455819},
       {3.616307, 1.302887, -1.000369, 1.757902, 3.988063, 1.281628, 2.636187, 5.665511, -1.996761, -8.973248,
        -2.627653, 3.703268}},
      {"lanczos3",
       true,
       {1.388021, 1.274341, 3.896241, -1.797924, -2.483785},
       {3.616307, 1.302887, -1.000369, 1.757902, 3.988063, 1.281628, 2.636187, 5.665511, -1.996761, -8.973248,
        -2.627653, 3.703268}},
      {"lanczos5",
       true,
       {1.681283, 0.7280723, 4.434018, -2.082548, -2.558657},
       {3.865488, 1.021325, -1.050139, 2.303408, 3.731187, 0.8957714, 2.888388, 5.661543, -1.999183, -8.988062,
        -2.985677, 4.216276}},
      {"area",
       false,
       {1.857143, 1.857143, 2, -0.9999987, -1.142858},
       {3, 1.857143, -1, 1.857142, 4, 1.428573, 1.571426, 5, -0.9999986, -9, -1.142863, 2}},
  };
  const Array x{3.f, -1.f, 4.f, 1.f, 5.f, -9.f, 2.f};
  for (const Row& row : rows)
    for (const auto& want : {row.five, row.twelve}) {
      const auto length = static_cast<std::int64_t>(want.size());
      const Tensor y =
          ops::resample(input(0, {7}), 0, length, {.interpolation = row.interpolation, .antialias = row.antialias});
      const Array got = interpret({y}, {x})[0];
      EXPECT_TRUE(allclose(got, numbers({length}, want), 1e-5, 4e-6)) << row.interpolation << " " << got;
    }
}

TEST(Resample, NearestMovesNumbersOfAnyDtype) {
  const Tensor y = ops::resample(input(0, {3}, graph::int64), 0, 6, {.interpolation = "nearest"});
  EXPECT_TRUE(array_equal(interpret({y}, {numbers({3}, {1, 9007199254740991, 3}, graph::int64)})[0],
                          numbers({6}, {1, 1, 9007199254740991, 9007199254740991, 3, 3}, graph::int64)));
  EXPECT_EQ(ops::resample(input(0, {2}, graph::bool_), 0, 3, {.interpolation = "nearest"}).dtype(), graph::bool_);
}

TEST(Resample, ToTheSameLengthIsTheTensorItself) {
  const Tensor x = input(0, {2, 3});
  EXPECT_TRUE(ops::resample(x, 1, 3, {.interpolation = "lanczos3"}).same(x));
}

TEST(Resample, LargeOnSeveralThreadsIsTheSame) {
  const Array a = uniform({31, 50, 33});
  const Tensor x = input(0, a.shape());
  const Tensors y{ops::resample(x, 1, 73, {.interpolation = "bicubic"}), ops::resample(x, 2, 11, {.antialias = true})};
  const auto one = interpret(y, {a}), three = interpret(y, {a}, {.threads = 3});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(array_equal(one[i], three[i])) << i;
}

}  // namespace
}  // namespace cornu::tests
