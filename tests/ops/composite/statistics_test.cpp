#include "cornu/ops/composite/statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cornu/graph/function.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::KeepDims;
using Line = std::vector<double>;

/// f of the elements along the axes (all if none are named).
F64 of_lines(const F64& x, std::vector<int> axes, KeepDims keep, const std::function<double(const Line&)>& f) {
  if (axes.empty())
    for (int i = 0; i < x.shape.rank(); ++i) axes.push_back(i);
  for (int& axis : axes) axis = x.shape.normalize(axis);
  Shape kept = x.shape;
  for (int axis : axes) kept[axis] = 1;
  std::vector<Line> lines(static_cast<std::size_t>(kept.elements()));
  F64 numbers(kept);
  for (std::int64_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i);
  for_each_index(x.shape, [&](auto i) { lines[static_cast<std::size_t>(numbers.at(i))].push_back(x.at(i)); });
  std::vector<std::int64_t> dims;
  for (int i = 0; i < kept.rank(); ++i)
    if (keep == KeepDims::yes || std::find(axes.begin(), axes.end(), i) == axes.end()) dims.push_back(kept[i]);
  F64 y{Shape(dims)};
  for (std::int64_t i = 0; i < y.size(); ++i) y[i] = f(lines[static_cast<std::size_t>(i)]);
  return y;
}

double variance(const Line& x) {
  double mean = 0, total = 0;
  for (double v : x) mean += v / static_cast<double>(x.size());
  for (double v : x) total += (v - mean) * (v - mean);
  return total / static_cast<double>(x.size());
}
double log_of_exponentials(const Line& x) {
  double total = 0;
  for (double v : x) total += std::exp(v);
  return std::log(total);
}
std::function<double(const Line&)> length(double p) {
  return [p](const Line& x) {
    double total = 0;
    for (double v : x) total += std::pow(std::abs(v), p);
    return std::pow(total, 1 / p);
  };
}
double largest(const Line& x) {
  double most = 0;
  for (double v : x) most = std::max(most, std::abs(v));
  return most;
}
/// The number below which q of the elements lies, from its two neighbours.
std::function<double(const Line&)> part(double q, const std::function<double(double, double, double)>& between) {
  return [=](Line x) {
    std::sort(x.begin(), x.end());
    const double at = q * static_cast<double>(x.size() - 1);
    const auto lower = static_cast<std::size_t>(at);
    return between(x[lower], x[std::min(lower + 1, x.size() - 1)], at - static_cast<double>(lower));
  };
}
double linear(double a, double b, double t) { return a + t * (b - a); }

struct Case {
  std::string what, op;  // and an op that it contains
  std::function<Tensor(const Tensor&, const ops::AxesOrAll&, KeepDims)> build;
  std::function<double(const Line&)> f;
};

auto norm_of(const ops::NormOrder& order) {
  return [=](const Tensor& x, const ops::AxesOrAll& axes, KeepDims keep) { return ops::norm(x, order, axes, keep); };
}
auto quantile_of(double q, const char* method) {
  return [=](const Tensor& x, const ops::AxesOrAll& axes, KeepDims keep) {
    return ops::quantile(x, q, axes, method, keep);
  };
}

std::vector<Case> cases() {
  return {
      {"var", "mean", ops::var, variance},
      {"std", "sqrt", ops::std, [](const Line& x) { return std::sqrt(variance(x)); }},
      {"logsumexp", "log", ops::logsumexp, log_of_exponentials},
      {"median", "argsort", ops::median, part(0.5, linear)},
      {"quantile 0.3", "argsort", quantile_of(0.3, "linear"), part(0.3, linear)},
      {"quantile 1", "argsort", quantile_of(1, "linear"), part(1, linear)},
      {"quantile lower", "argsort", quantile_of(0.3, "lower"), part(0.3, [](double a, double, double) { return a; })},
      {"quantile higher", "argsort", quantile_of(0.3, "higher"),
       part(0.3, [](double a, double b, double t) { return t > 0 ? b : a; })},
      {"quantile nearest", "argsort", quantile_of(0.3, "nearest"),
       part(0.3, [](double a, double b, double t) { return t > 0.5 ? b : a; })},
      {"quantile midpoint", "argsort", quantile_of(0.3, "midpoint"),
       part(0.3, [](double a, double b, double t) { return t > 0 ? (a + b) / 2 : a; })},
  };
}

std::vector<Case> norms() {
  return {{"norm", "sqrt", norm_of({}), length(2)},
          {"norm 1", "power_scalar", norm_of(1.5), length(1.5)},
          {"norm 3", "power_scalar", norm_of(3), length(3)},
          {"norm infinity", "max", norm_of(INFINITY), largest},
          {"norm 0", "not_equal", norm_of(0), [](const Line& x) { return static_cast<double>(x.size()); }}};
}

OpSample sample(const Case& c, const Array& x, const std::vector<int>& axes, KeepDims keep, bool differentiable) {
  return {.op = c.op,
          .what = graph::message(c.what, ' ', x.spec(), " over ", axes.size()),
          .build = [=](const Tensors& in) { return c.build(in[0], axes.empty() ? ops::AxesOrAll() : axes, keep); },
          .inputs = {x},
          .reference = [=](const std::vector<F64>& in) { return of_lines(in[0], axes, keep, c.f); },
          .differentiable = differentiable ? std::vector<int>{0} : std::vector<int>{}};
}

/// Numbers of which no two are within 0.04 of one another or of 0, in no order.
Array apart(const Shape& shape) {
  Array a(shape);
  for (std::int64_t i = 0; i < a.size(); ++i)
    a.data<float>()[i] = static_cast<float>(0.08 * static_cast<double>(i * 37 % 53) - 2.02);
  return a;
}

const bool special =
    register_special_functions({of_one("var", [](const Tensor& x) { return ops::var(x, -1); }),
                                of_one("std", [](const Tensor& x) { return ops::std(x, -1); }),
                                of_one("logsumexp", [](const Tensor& x) { return ops::logsumexp(x, -1); }),
                                of_one("norm_1", [](const Tensor& x) { return ops::norm(x, 1, -1); }),
                                of_one("norm_2", [](const Tensor& x) { return ops::norm(x, {}, -1); }),
                                of_one("norm_inf", [](const Tensor& x) { return ops::norm(x, INFINITY, -1); })});

const bool samples = register_samples([] {
  const auto yes = KeepDims::yes, no = KeepDims::no;
  std::vector<OpSample> all;
  for (const Case& c : cases()) {
    for (const auto& axes : std::vector<std::vector<int>>{{}, {0}, {-1}, {1}, {0, 2}, {2, 0, 1}})
      all.push_back(sample(c, apart({3, 2, 4}), axes, axes.size() % 2 ? yes : no, true));
    all.push_back(sample(c, apart({5}), {0}, no, true));
    all.push_back(sample(c, Array(Shape{0, 3}), {1}, no, false));
    all.push_back(sample(c, numbers({2, 3}, {3, -1, 2, 7, 7, 0}, graph::int32), {1}, no, false));
    all.push_back(sample(c, numbers({4}, {0, 1, 1, 0}, graph::bool_), {0}, yes, false));
    if (c.what != "std") all.push_back(sample(c, numbers({1, 2}, {0.5, -0.25}), {0}, no, true));
  }
  for (const Case& c : norms())
    for (const int axis : {0, 1, -1}) {
      all.push_back(sample(c, apart({3, 2, 4}), {axis}, axis == 1 ? yes : no, true));
      all.push_back(sample(c, Array(Shape{3, 0, 4}), {0}, no, false));
    }
  return all;
});

template <class F>
Array value(F f, const Array& x) {
  return graph::Function([f](const Tensor& t) { return f(t); })(x);
}

TEST(Statistics, NormsOfMatrices) {
  const Array x = Array{1.f, -2.f, 3.f, 4.f, 5.f, -6.f}.reshape({2, 3});
  const auto norm = [&](const ops::NormOrder& order, const ops::AxesOrAll& axes = {}) {
    return value([&](const Tensor& t) { return ops::norm(t, order, axes); }, x).item<float>();
  };
  EXPECT_FLOAT_EQ(norm({}), std::sqrt(91.f));
  EXPECT_FLOAT_EQ(norm("fro"), std::sqrt(91.f));
  EXPECT_EQ(norm(1), 9);
  EXPECT_EQ(norm(-1), 5);
  EXPECT_EQ(norm(INFINITY), 15);
  EXPECT_EQ(norm(-INFINITY), 6);
  EXPECT_EQ(norm(1, {1, 0}), 15) << "the rows are those of the first axis that is named";
  EXPECT_EQ(norm(1, {-1, 0}), 15);
  const Array kept = value(
      [](const Tensor& t) {
        return ops::norm(t, 1, {0, 2}, graph::keepdims);
      },
      Array{1.f, 2.f, 3.f, 4.f}.reshape({2, 1, 2}));
  EXPECT_TRUE(array_equal(kept, Array{6.f}.reshape({1, 1, 1}))) << kept;
}

TEST(Statistics, SeveralQuantilesStandInFront) {
  const Array x = Array{3.f, 1.f, 2.f, 10.f, 30.f, 20.f}.reshape({2, 3});
  const Array y = value([](const Tensor& t) { return ops::quantile(t, std::vector<double>{0, 0.25, 1}, -1); }, x);
  EXPECT_TRUE(allclose(y, Array{1.f, 10.f, 1.5f, 15.f, 3.f, 30.f}.reshape({3, 2}))) << y;
}

TEST(Statistics, ANaNMakesAQuantileNaN) {
  const Array y = value([](const Tensor& t) { return ops::median(t, 1); },
                        Array{1.f, NAN, 2.f, INFINITY, 1.f, 2.f}.reshape({2, 3}));
  EXPECT_TRUE(std::isnan(y.at<float>({0})));
  EXPECT_EQ(y.at<float>({1}), 2);
}

TEST(Statistics, SumsOfExponentialsDoNotOverflow) {
  const auto f = [](const Tensor& t) { return ops::logsumexp(t, -1); };
  EXPECT_TRUE(allclose(value(f, Array{1000.f, 1000.f, -1000.f}), numbers({}, {1000.6931})));
  EXPECT_EQ(value(f, Array{-INFINITY, -INFINITY}).item<float>(), -INFINITY);
  EXPECT_EQ(value(f, Array{INFINITY, 1.f}).item<float>(), INFINITY);
}

const bool errors = register_errors([] {
  const auto x = [] { return input(0, {2, 3, 4}); };
  return std::vector<OpError>{
      {"norm", "expected one or two axes, got 3", [=] { ops::norm(x()); }},
      {"norm", "expected order 'fro', 1, -1, inf or -inf for matrices, got 2",
       [=] {
         ops::norm(x(), 2, {0, 1});
       }},
      {"norm", "expected a number or 'fro' for the order, got 'nuc'",
       [=] {
         ops::norm(x(), "nuc", {0, 1});
       }},
      {"norm", "the order 'fro' is one of matrices, got one axis", [=] { ops::norm(x(), "fro", 0); }},
      {"norm", "axis 3 is out of bounds for shape (2, 3, 4)", [=] { ops::norm(x(), 2, 3); }},
      {"quantile", "expected q from 0 to 1, got 1.5", [=] { ops::quantile(x(), 1.5); }},
      {"quantile", "expected q from 0 to 1, got nan", [=] { ops::quantile(x(), NAN); }},
      {"quantile", "expected at least one q", [=] { ops::quantile(x(), std::vector<double>{}); }},
      {"quantile", "expected method 'linear', 'lower', 'higher', 'nearest' or 'midpoint', got 'cubic'",
       [=] { ops::quantile(x(), 0.5, {}, "cubic"); }},
      {"quantile", "shape (0, 3) has no elements to choose from",
       [] {
         ops::quantile(input(0, {0, 3}), 0.5, 0);
       }},
      {"quantile", "an axis is named twice",
       [=] {
         ops::quantile(x(), 0.5, {0, -3});
       }},
  };
});

}  // namespace
}  // namespace cornu::tests
