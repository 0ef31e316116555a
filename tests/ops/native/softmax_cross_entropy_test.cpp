#include "cornu/ops/native/softmax_cross_entropy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/op.h"
#include "cornu/ops/internal/exp.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

// x_i - log sum_j exp(x_j) in each row.
F64 log_softmax(const F64& x) {
  F64 y = x;
  const std::int64_t n = x.shape.back();
  for (std::int64_t row = 0; row < x.size(); row += n) {
    double top = -INFINITY, total = 0;
    for (std::int64_t i = row; i < row + n; ++i) top = std::max(top, x[i]);
    for (std::int64_t i = row; i < row + n; ++i) total += std::exp(x[i] - top);
    for (std::int64_t i = row; i < row + n; ++i) y[i] = x[i] - top - std::log(total);
  }
  return y;
}

F64 dense(const F64& x, const F64& t) {
  F64 y(x.shape.drop_back());
  const F64 logs = log_softmax(x);
  for (std::int64_t i = 0; i < x.size(); ++i) y[i / x.shape.back()] -= t[i] == 0 ? 0 : t[i] * logs[i];
  return y;
}

F64 sparse(const F64& x, const F64& labels) {
  F64 y(labels.shape, NAN);
  const F64 logs = log_softmax(x);
  const std::int64_t n = x.shape.back();
  for (std::int64_t row = 0; row < labels.size(); ++row)
    if (labels[row] >= 0 && labels[row] < static_cast<double>(n))
      y[row] = -logs[row * n + static_cast<std::int64_t>(labels[row])];
  return y;
}

OpSample dense_sample(std::string what, const Array& x, const Array& t) {
  return {.op = "softmax_cross_entropy",
          .what = std::move(what),
          .build = [](const Tensors& in) { return ops::softmax_cross_entropy(in[0], in[1]); },
          .inputs = {x, t},
          .reference = [](const std::vector<F64>& in) { return dense(in[0], in[1]); },
          .differentiable = {0, 1}};
}

OpSample sparse_sample(std::string what, const Array& x, const Array& labels, bool smooth = true) {
  return {.op = "sparse_softmax_cross_entropy",
          .what = std::move(what),
          .build = [](const Tensors& in) { return ops::sparse_softmax_cross_entropy(in[0], in[1]); },
          .inputs = {x, labels},
          .reference = [](const std::vector<F64>& in) { return sparse(in[0], in[1]); },
          .differentiable = smooth ? std::vector<int>{0} : std::vector<int>{}};
}

// The backward ops are made by gradients; as samples of their own, with all their inputs, they are held to the
// textbook's formula.
Tensor backward(const char* op, const Tensors& in) {
  return graph::apply1(std::shared_ptr<graph::Op>(graph::op_registry().make(op)), in);
}
F64 gradient(const F64& x, const F64& t, const F64& dy) {
  F64 y = log_softmax(x);
  const std::int64_t n = x.shape.back();
  for (std::int64_t row = 0; row < dy.size(); ++row) {
    double total = 0;
    for (std::int64_t i = row * n; i < row * n + n; ++i) total += t[i];
    for (std::int64_t i = row * n; i < row * n + n; ++i) y[i] = (std::exp(y[i]) * total - t[i]) * dy[row];
  }
  return y;
}
F64 one_hot(const F64& labels, std::int64_t n) {
  F64 y(labels.shape.append(n));
  for (std::int64_t i = 0; i < labels.size(); ++i) y[i * n + static_cast<std::int64_t>(labels[i])] = 1;
  return y;
}

const bool samples = register_samples([] {
  const Array logits = uniform({3, 4}), labels = numbers({3}, {1, 3, 0}, graph::int32);
  return std::vector<OpSample>{
      dense_sample("soft targets, not normalised", logits, uniform({3, 4}, 0, 1, 2)),
      dense_sample("rank 3", uniform({2, 2, 5}), uniform({2, 2, 5}, 0, 1, 2)),
      dense_sample("one row", uniform({3}), numbers({3}, {0, 1, 0})),
      dense_sample("wide", uniform({2, 77}, -9, 9), uniform({2, 77}, 0, 1, 2)),
      dense_sample("extreme logits", numbers({3, 3}, {1000, -1000, 0, -500, -500.5, -499, 88, 90, -90}),
                   numbers({3, 3}, {0, 0, 1, 0.5, 0.5, 0, 1, 0, 0})),
      dense_sample("empty", uniform({0, 4}), uniform({0, 4})),
      sparse_sample("int32", logits, labels),
      sparse_sample("float labels", logits, numbers({3}, {2, 2, 1})),
      sparse_sample("rank 3, int64", uniform({2, 2, 5}), numbers({2, 2}, {4, 0, 1, 1}, graph::int64)),
      sparse_sample("one row, uint8", uniform({3}), numbers({}, {2}, graph::uint8)),
      sparse_sample("extreme logits", numbers({2, 3}, {1000, -1000, 0, -500, -500.5, -499}),
                    numbers({2}, {1, 2}, graph::int32)),
      sparse_sample("out of range", logits, numbers({3}, {-1, 1, 4}, graph::int32), false),
      sparse_sample("empty", uniform({0, 4}), numbers({0}, {}, graph::int32)),
      {.op = "softmax_cross_entropy_backward",
       .what = "all inputs",
       .build = [](const Tensors& in) { return backward("softmax_cross_entropy_backward", in); },
       .inputs = {logits, uniform({3, 4}, 0, 1, 2), uniform({3}, -1, 1, 3)},
       .reference = [](const std::vector<F64>& in) { return gradient(in[0], in[1], in[2]); },
       .differentiable = {0, 1, 2}},
      {.op = "sparse_softmax_cross_entropy_backward",
       .what = "all inputs",
       .build = [](const Tensors& in) { return backward("sparse_softmax_cross_entropy_backward", in); },
       .inputs = {logits, labels, uniform({3}, -1, 1, 3)},
       .reference = [](const std::vector<F64>& in) { return gradient(in[0], one_hot(in[1], 4), in[2]); },
       .differentiable = {0, 2}},
  };
});

const bool errors = register_errors([] {
  const Tensor x = input(0, {3, 4}), n = input(1, {3, 4}, graph::int32), scalar = input(2, {});
  return std::vector<OpError>{
      {"softmax_cross_entropy", "expected a target of the logits' shape (3, 4), got (3, 5)",
       [=] {
         ops::softmax_cross_entropy(x, input(3, {3, 5}));
       }},
      {"softmax_cross_entropy", "expected float32 or bfloat16 logits, got int32(3, 4)",
       [=] { ops::softmax_cross_entropy(n, x); }},
      {"softmax_cross_entropy", "expected a float32 target, as the logits are, got int32(3, 4)",
       [=] { ops::softmax_cross_entropy(x, n); }},
      {"softmax_cross_entropy", "got a scalar", [=] { ops::softmax_cross_entropy(scalar, scalar); }},
      {"sparse_softmax_cross_entropy", "expected labels of shape (3,) for logits (3, 4), got (3, 1)",
       [=] {
         ops::sparse_softmax_cross_entropy(x, input(3, {3, 1}, graph::int32));
       }},
      {"sparse_softmax_cross_entropy", "expected float32 or bfloat16 logits, got int32(3, 4)",
       [=] { ops::sparse_softmax_cross_entropy(n, x); }},
      {"softmax_cross_entropy_backward", "expected a gradient float32 (3,), got float32(4,)",
       [=] {
         backward("softmax_cross_entropy_backward", {x, x, input(3, {4})});
       }},
  };
});

TEST(SoftmaxCrossEntropy, IsOneOpForwardAndOneBackward) {
  const Tensor x = input(0, {3, 4}), t = input(1, {3, 4}), y = ops::softmax_cross_entropy(x, t);
  const Tensor g = autodiff::gradients(y, {x})[0];
  EXPECT_EQ(g.node().op().name(), "softmax_cross_entropy_backward");
  EXPECT_EQ(y.node().op().name(), "softmax_cross_entropy");
}

TEST(SparseSoftmaxCrossEntropy, ABadLabelSpoilsItsRowOnly) {
  const Tensor x = input(0, {2, 3}), labels = input(1, {2}, graph::int32),
               y = ops::sparse_softmax_cross_entropy(x, labels);
  const auto got =
      interpret({y, autodiff::gradients(y, {x})[0]}, {uniform({2, 3}), numbers({2}, {3, 0}, graph::int32)});
  EXPECT_TRUE(std::isnan(F64(got[0])[0]) && std::isfinite(F64(got[0])[1]));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(std::isnan(F64(got[1])[i]) && std::isfinite(F64(got[1])[3 + i])) << i;
}

TEST(SoftmaxCrossEntropy, NotANumberIsNotHidden) {
  const Tensor x = input(0, {2, 3}), t = input(1, {2, 3});
  const Array y = interpret({ops::softmax_cross_entropy(x, t)},
                            {numbers({2, 3}, {0, NAN, 1, 0, 1, 2}), numbers({2, 3}, {1, 0, 0, 1, 0, 0})})[0];
  EXPECT_TRUE(std::isnan(F64(y)[0]) && std::isfinite(F64(y)[1]));
}

TEST(SoftmaxCrossEntropy, LargeOnSeveralThreadsIsTheSame) {
  const Array x = uniform({601, 203}), t = uniform({601, 203}, 0, 1, 2);
  const Tensor a = input(0, x.shape()), b = input(1, t.shape()), y = ops::softmax_cross_entropy(a, b);
  const Tensors both{y, autodiff::gradients(y, {a})[0]};
  const auto one = interpret(both, {x, t}), three = interpret(both, {x, t}, {.threads = 3});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(array_equal(one[i], three[i])) << i;
}

TEST(ExpNonpositive, IsTheExponential) {
  for (float x = 0; x > -87; x -= 0.0137f) {
    const double want = std::exp(static_cast<double>(x));
    ASSERT_NEAR(ops::internal::exp_nonpositive(x), want, 2.5e-7 * want) << x;
  }
  EXPECT_EQ(ops::internal::exp_nonpositive(0.f), 1.f);
  EXPECT_EQ(ops::internal::exp_nonpositive(-100.f), 0.f);
  EXPECT_EQ(ops::internal::exp_nonpositive(-INFINITY), 0.f);
  EXPECT_TRUE(std::isnan(ops::internal::exp_nonpositive(NAN)));
}

}  // namespace
}  // namespace cornu::tests
