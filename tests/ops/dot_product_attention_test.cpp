#include "cornu/ops/dot_product_attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::DotProductAttentionConfig;

/// What a sample attends with, beside tensors.
struct Form {
  std::optional<double> scale = std::nullopt;
  bool is_causal = false;
  std::int64_t sliding_window = 0;
  Array mask = Array(Shape{0}, graph::bool_);  // without elements: none
  bool has_bias = false;                       // as the last input
};

/// Plain loops in double precision over query, key, value, perhaps a bias, and for gradients dy.
class Reference {
 public:
  Reference(Form form, const std::vector<F64>& in) : form_(std::move(form)), in_(in), q_(in[0]), k_(in[1]), v_(in[2]) {}

  F64 y() const {
    F64 y(q_.shape.with(3, v_.shape[3]));
    each_query([&](std::int64_t b, std::int64_t t, std::int64_t n) {
      const std::vector<double> w = weights(b, t, n);
      for (std::int64_t s = 0; s < source(); ++s)
        for (std::int64_t i = 0; i < v_.shape[3]; ++i) at(y, b, t, n, i) += w[index(s)] * at(v_, b, s, key_head(n), i);
    });
    return y;
  }

  F64s gradients(const F64& dy) const {
    F64s g{F64(q_.shape), F64(k_.shape), F64(v_.shape)};
    const double scale = this->scale();
    each_query([&](std::int64_t b, std::int64_t t, std::int64_t n) {
      const std::vector<double> w = weights(b, t, n);
      std::vector<double> dw(w.size());
      double mean = 0;
      for (std::int64_t s = 0; s < source(); ++s) {
        for (std::int64_t i = 0; i < v_.shape[3]; ++i) {
          dw[index(s)] += at(dy, b, t, n, i) * at(v_, b, s, key_head(n), i);
          at(g[2], b, s, key_head(n), i) += w[index(s)] * at(dy, b, t, n, i);
        }
        mean += w[index(s)] * dw[index(s)];
      }
      for (std::int64_t s = 0; s < source(); ++s) {
        if (!counts(b, t, n, s)) continue;
        const double ds = w[index(s)] * (dw[index(s)] - mean) * scale;
        for (std::int64_t i = 0; i < q_.shape[3]; ++i) {
          at(g[0], b, t, n, i) += ds * at(k_, b, s, key_head(n), i);
          at(g[1], b, s, key_head(n), i) += ds * at(q_, b, t, n, i);
        }
      }
    });
    return g;
  }

 private:
  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  static double& at(F64& x, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    return x[((a * x.shape[1] + b) * x.shape[2] + c) * x.shape[3] + d];
  }
  static double at(const F64& x, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
    const std::int64_t i[] = {a, b, c, d};
    return x.at(i);
  }
  std::int64_t source() const { return k_.shape[1]; }
  std::int64_t key_head(std::int64_t n) const { return n / (q_.shape[2] / k_.shape[2]); }
  double scale() const { return form_.scale.value_or(1 / std::sqrt(static_cast<double>(q_.shape[3]))); }
  bool counts(std::int64_t b, std::int64_t t, std::int64_t n, std::int64_t s) const {
    if (form_.is_causal && s > t) return false;
    if (form_.sliding_window > 0 && std::abs(s - t) >= form_.sliding_window) return false;
    return form_.mask.size() == 0 || at(F64(form_.mask), b, n, t, s) != 0;
  }
  std::vector<double> weights(std::int64_t b, std::int64_t t, std::int64_t n) const {
    std::vector<double> w(index(source()), -INFINITY);
    double top = -INFINITY, total = 0;
    for (std::int64_t s = 0; s < source(); ++s) {
      if (!counts(b, t, n, s)) continue;
      double score = 0;
      for (std::int64_t i = 0; i < q_.shape[3]; ++i) score += at(q_, b, t, n, i) * at(k_, b, s, key_head(n), i);
      w[index(s)] = score * scale() + (form_.has_bias ? at(in_[3], b, n, t, s) : 0);
      top = std::max(top, w[index(s)]);
    }
    if (std::isinf(top)) return std::vector<double>(w.size(), 1 / static_cast<double>(source()));  // none counts
    for (double& x : w) total += x = std::exp(x - top);
    for (double& x : w) x /= total;
    return w;
  }
  template <class F>
  void each_query(F&& f) const {
    for (std::int64_t b = 0; b < q_.shape[0]; ++b)
      for (std::int64_t t = 0; t < q_.shape[1]; ++t)
        for (std::int64_t n = 0; n < q_.shape[2]; ++n) f(b, t, n);
  }

  Form form_;
  const std::vector<F64>& in_;
  const F64 &q_, &k_, &v_;
};

Tensor attention(const Form& form, const Tensors& in, std::optional<bool> flash = std::nullopt) {
  return ops::dot_product_attention(in[0], in[1], in[2],
                                    {.bias = form.has_bias ? in[3] : Tensor(),
                                     .mask = form.mask.size() > 0 ? Tensor(form.mask) : Tensor(),
                                     .scale = form.scale,
                                     .is_causal = form.is_causal,
                                     .flash_attention = flash,
                                     .sliding_window = form.sliding_window});
}

struct Lengths {
  std::int64_t batch, steps, source, heads, key_heads, dim, value_dim;
};
std::vector<Array> inputs(const Lengths& l) {
  return {uniform({l.batch, l.steps, l.heads, l.dim}), uniform({l.batch, l.source, l.key_heads, l.dim}, -2, 2, 2),
          uniform({l.batch, l.source, l.key_heads, l.value_dim}, -2, 2, 3)};
}
Array pattern(const Shape& shape) {
  Array mask(shape, graph::bool_);
  for (std::int64_t i = 0; i < mask.size(); ++i) mask.data<bool>()[i] = (i * 7 + 3) % 5 > 1;
  return mask;
}

const std::vector<std::pair<std::string, Form>> kForms = {
    {"all", {}},
    {"causal", {.is_causal = true}},
    {"scale and window", {.scale = 0.7, .sliding_window = 2}},
    {"causal window", {.is_causal = true, .sliding_window = 3}},
    {"bias", {.has_bias = true}},
    {"mask of the source", {.mask = pattern({2, 1, 1, 5})}},
    {"mask of all", {.is_causal = true, .mask = pattern({2, 4, 4, 5}), .has_bias = true}},
    {"mask of steps", {.mask = pattern({2, 1, 4, 1})}}};  // steps that read nothing

std::vector<OpSample> samples_of(const std::string& what, const Form& form, std::vector<Array> in,
                                 bool differentiable) {
  std::vector<OpSample> both;
  std::vector<int> by;
  const int count = form.has_bias ? 4 : 3;
  for (int i = 0; differentiable && i < count; ++i) by.push_back(i);
  both.push_back({.op = "dot_product_attention",
                  .what = what,
                  .build = [form](const Tensors& x) { return attention(form, x); },
                  .inputs = in,
                  .reference = [form](const std::vector<F64>& x) { return Reference(form, x).y(); },
                  .differentiable = by});
  const Shape y = in[0].shape().with(3, in[2].shape()[3]);
  in.push_back(uniform(y, -2, 2, 9));
  if (differentiable) by.push_back(count);
  both.push_back({.op = "dot_product_attention_backward",
                  .what = what,
                  .build =
                      [form](const Tensors& x) {
                        return autodiff::gradients(ops::sum(attention(form, x) * x.back()), {x[0], x[1], x[2]});
                      },
                  .inputs = std::move(in),
                  .reference = [form](const std::vector<F64>& x) { return Reference(form, x).gradients(x.back()); },
                  .differentiable = by,
                  .rtol = 5e-5,
                  .atol = 2e-5,
                  .second = false});
  return both;
}

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  const auto put = [&](const std::string& what, const Form& form, std::vector<Array> in, bool differentiable) {
    if (form.has_bias) in.push_back(uniform({1, in[0].shape()[2], in[0].shape()[1], in[1].shape()[1]}, -1, 1, 5));
    for (OpSample& s : samples_of(what, form, std::move(in), differentiable)) all.push_back(std::move(s));
  };
  for (const auto& [what, form] : kForms) put(what, form, inputs({2, 4, 5, 4, 2, 3, 2}), true);
  const Form causal{.is_causal = true};
  put("one of each", {}, inputs({1, 1, 1, 1, 1, 1, 1}), true);
  put("several blocks", causal, inputs({1, 130, 150, 2, 2, 16, 20}), false);
  put("several blocks and a window", {.is_causal = true, .sliding_window = 40}, inputs({1, 200, 200, 2, 1, 8, 8}),
      false);
  put("many heads", {}, inputs({3, 28, 28, 4, 4, 16, 16}), false);
  put("no batch", causal, inputs({0, 4, 4, 2, 2, 3, 3}), false);
  put("no steps", causal, inputs({2, 0, 4, 2, 2, 3, 3}), false);
  return all;
});

const bool special =
    register_without_special_values("dot_product_attention", "a softmax between products; has tests") &&
    register_without_special_values("dot_product_attention_backward", "as dot_product_attention");

const bool errors = register_errors([] {
  const auto of = [](const Shape& q, const Shape& k, const Shape& v, const DotProductAttentionConfig& config = {}) {
    ops::dot_product_attention(input(0, q), input(1, k), input(2, v), config);
  };
  return std::vector<OpError>{
      {"dot_product_attention", "expected tensors (batch, steps, heads, dimension), got float32(2, 3, 4)",
       [=] {
         of({2, 3, 4}, {2, 3, 4}, {2, 3, 4});
       }},
      {"dot_product_attention", "got shapes (2, 3, 4, 5), (2, 6, 4, 7) and (2, 6, 4, 5)",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 4, 7}, {2, 6, 4, 5});
       }},
      {"dot_product_attention", "expected heads that are a multiple of the key's 3, got 4",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 3, 5}, {2, 6, 3, 5});
       }},
      {"dot_product_attention", "expected a mask that broadcasts to the scores' shape (2, 4, 3, 6), got (2, 1, 4, 6)",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 4, 5}, {2, 6, 4, 5}, {.mask = input(3, {2, 1, 4, 6}, graph::bool_)});
       }},
      {"dot_product_attention", "expected a bool mask, got float32(3, 6)",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 4, 5}, {2, 6, 4, 5}, {.mask = input(3, {3, 6})});
       }},
      {"dot_product_attention", "expected a bias that broadcasts to the scores' shape (2, 4, 3, 6), got (3, 5)",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 4, 5}, {2, 6, 4, 5}, {.bias = input(3, {3, 5})});
       }},
      {"dot_product_attention", "expected a sliding_window of at least 0, got -1",
       [=] {
         of({2, 3, 4, 5}, {2, 6, 4, 5}, {2, 6, 4, 5}, {.sliding_window = -1});
       }},
      {"dot_product_attention", "expected float32 or bfloat16 tensors of one dtype", [] {
         ops::dot_product_attention(input(0, {1, 2, 3, 4}), input(1, {1, 2, 3, 4}),
                                    input(2, {1, 2, 3, 4}, graph::int32));
       }}};
});

// Values, gradients and gradients of gradients with and without all scores in memory.
TEST(DotProductAttentionTest, BothWaysGiveTheSame) {
  for (const auto& [what, form] : kForms) {
    SCOPED_TRACE(what);
    std::vector<Array> in = inputs({2, 4, 5, 4, 2, 3, 2});
    if (form.has_bias) in.push_back(uniform({4, 1, 5}, -1, 1, 5));
    in.push_back(uniform({2, 4, 4, 2}, -2, 2, 9));
    const auto run = [&, &f = form](bool flash) {
      const Function function([&](std::span<const Tensor> x) {
        const Tensors all(x.begin(), x.end());
        const Tensor y = attention(f, all, flash);
        std::vector<autodiff::Wrt> by(all.begin(), all.end() - 1);
        const Tensors first = autodiff::gradients(ops::sum(y * all.back()), by);
        Tensor squares = ops::sum(first[0] * first[0]);
        for (std::size_t i = 1; i < 3; ++i) squares = squares + ops::sum(first[i] * first[i]);
        by.emplace_back(all.back());
        Outputs outputs{y};
        for (const Tensor& g : first) outputs.add(g);
        for (const Tensor& g : autodiff::gradients(squares, by)) outputs.add(g);
        return outputs;
      });
      return function.call(in).arrays();
    };
    const std::vector<Array> a = run(true), b = run(false);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(allclose(a[i], b[i], 1e-4, 1e-5)) << i;
  }
}

TEST(DotProductAttentionTest, AStepThatReadsNothingGetsTheMean) {
  const std::vector<Array> in = inputs({1, 3, 4, 1, 1, 2, 2});
  const Function f([&](std::span<const Tensor> x) {
    return ops::dot_product_attention(x[0], x[1], x[2], {.mask = Tensor(graph::zeros({3, 4}, graph::bool_))});
  });
  const Array y = f.call(in)[0], mean = graph::mean(in[2], 1);
  for (int t = 0; t < 3; ++t)
    for (int i = 0; i < 2; ++i) EXPECT_NEAR(y.data<float>()[t * 2 + i], mean.data<float>()[i], 1e-6);
}

TEST(DotProductAttentionTest, NanSpoilsItsRowAlone) {
  std::vector<Array> in = inputs({1, 3, 4, 1, 1, 2, 2});
  in[0].data<float>()[2] = NAN;  // of the second step
  const Function f([](std::span<const Tensor> x) { return ops::dot_product_attention(x[0], x[1], x[2]); });
  const Array y = f.call(in)[0];
  for (int i = 0; i < 6; ++i) EXPECT_EQ(std::isnan(y.data<float>()[i]), i / 2 == 1) << i;
}

TEST(DotProductAttentionTest, LargeScoresStayFinite) {
  std::vector<Array> in = inputs({1, 3, 4, 1, 1, 2, 2});
  in[0] = in[0] * 1e4F, in[1] = in[1] * 1e4F;
  const Function f([](std::span<const Tensor> x) { return ops::dot_product_attention(x[0], x[1], x[2]); });
  const Array y = f.call(in)[0];
  for (int i = 0; i < 6; ++i) EXPECT_LE(std::abs(y.data<float>()[i]), 2) << i;
}

// The memory of a plan does not grow with the square of the steps, forward and backward.
TEST(DotProductAttentionTest, ScoresAreNotKept) {
  const auto bytes = [](std::int64_t steps, bool flash) {
    Tensors x;
    for (int i = 0; i < 3; ++i) x.push_back(input(i, {1, steps, 8, 16}));
    const Tensor y = ops::dot_product_attention(x[0], x[1], x[2], {.flash_attention = flash});
    Outputs outputs{y};
    for (const Tensor& g : autodiff::gradients(ops::sum(y * y), {x[0], x[1], x[2]})) outputs.add(g);
    return graph::Plan(graph::optimise(outputs), {x[0].spec(), x[1].spec(), x[2].spec()}, 2).workspace_bytes();
  };
  EXPECT_LT(bytes(512, true) * 5, bytes(512, false) * 2);  // 0.4 times as much
  EXPECT_LT(bytes(1024, true), 3 * bytes(512, true));
}

}  // namespace
}  // namespace cornu::tests
