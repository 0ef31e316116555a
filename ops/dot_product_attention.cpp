#include "cornu/ops/dot_product_attention.h"

#include <cmath>
#include <cstdlib>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/einsum.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/internal/attention_kernel.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::ops {
namespace {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;

constexpr const char* kName = "dot_product_attention";
constexpr double kExcluded = internal::kExcludedScore;

void check_fits(const Tensor& x, const char* what, const Shape& scores) {
  bool fits = x.ndim() <= scores.rank();
  for (int i = 1; fits && i <= x.ndim(); ++i) {
    const std::int64_t length = x.shape()[x.ndim() - i];
    fits = length == 1 || length == scores[scores.rank() - i];
  }
  require<ShapeError>(fits, kName, ": expected a ", what, " that broadcasts to the scores' shape ", scores, ", got ",
                      x.shape());
}

void check(const Tensor& q, const Tensor& k, const Tensor& v, const DotProductAttentionConfig& config) {
  for (const Tensor* x : {&q, &k, &v}) {
    require<ShapeError>(x->ndim() == 4, kName, ": expected tensors (batch, steps, heads, dimension), got ", *x);
    require<TypeError>(internal::is_computed(x->dtype()) && x->dtype() == q.dtype(), kName,
                       ": expected float32 or bfloat16 tensors of one dtype, got ", q, ", ", k, " and ", v);
  }
  const Shape &a = q.shape(), &b = k.shape(), &c = v.shape();
  require<ShapeError>(a[0] == b[0] && b[0] == c[0] && b[1] == c[1] && b[2] == c[2] && a[3] == b[3], kName,
                      ": expected query (batch, steps, heads, dimension), key (batch, source steps, key heads, "
                      "dimension) and value (batch, source steps, key heads, …), got shapes ",
                      a, ", ", b, " and ", c);
  require<ShapeError>(b[2] > 0 && a[2] % b[2] == 0, kName, ": expected heads that are a multiple of the key's ", b[2],
                      ", got ", a[2]);
  require<ValueError>(config.sliding_window >= 0, kName, ": expected a sliding_window of at least 0, got ",
                      config.sliding_window);
  const Shape scores{a[0], a[2], a[1], b[1]};
  if (config.mask.defined()) {
    require<TypeError>(config.mask.dtype() == graph::bool_, kName, ": expected a bool mask, got ", config.mask);
    check_fits(config.mask, "mask", scores);
  }
  if (config.bias.defined()) check_fits(config.bias, "bias", scores);
}

/// What the ops of both directions know; masks and biases have four axes, of the scores' lengths or 1.
struct Attention : Op {
  double scale = 1;
  bool is_causal = false, has_mask = false, has_bias = false;
  std::int64_t sliding_window = 0;

  void fields(FieldVisitor& f) const override {
    f("scale", scale);
    f("is_causal", is_causal);
    f("sliding_window", sliding_window);
    f("has_mask", has_mask);
    f("has_bias", has_bias);
  }
  /// With the inputs that stand behind `before` others.
  internal::AttentionProblem problem(const Specs& in, int before) const {
    const Shape &q = in[0].shape, &k = in[1].shape;
    internal::AttentionProblem p{q[0], q[1], k[1], q[2], k[2], q[3], in[2].shape[3], static_cast<float>(scale)};
    p.is_causal = is_causal, p.sliding_window = sliding_window;
    const auto scores = [](int input, const Shape& shape) {
      internal::AttentionProblem::Scores s{.input = input};
      std::int64_t stride = 1;
      std::int64_t* const strides[] = {&s.batch, &s.heads, &s.steps, &s.source};
      for (int axis = 3; axis >= 0; --axis) {
        *strides[axis] = shape[axis] == 1 ? 0 : stride;
        stride *= shape[axis];
      }
      return s;
    };
    if (has_mask) p.mask = scores(before, in[static_cast<std::size_t>(before)].shape);
    if (has_bias) p.bias = scores(before + has_mask, in[static_cast<std::size_t>(before + has_mask)].shape);
    return p;
  }
};

/// Attention with all scores in memory, in float32 and with heads repeated: for gradients of gradients.
class Plain {
 public:
  /// `in`: query, key, value; behind `before` inputs the mask and the bias.
  Plain(const Attention& op, const Tensors& in, int before)
      : share_(in[0].shape()[2] / in[1].shape()[2]),
        scale_(op.scale),
        q(wide(in[0])),
        k(heads(in[1])),
        v(heads(in[2])) {
    const std::int64_t steps = in[0].shape()[1], source = in[1].shape()[1];
    mask_ = attention_band(steps, source, op.is_causal, op.sliding_window);
    const auto at = static_cast<std::size_t>(before);
    if (op.has_mask) mask_ = mask_.defined() ? logical_and(in[at], mask_) : in[at];
    Tensor scores = einsum("btnh,bsnh->bnts", q, k) * scale_;
    if (op.has_bias) scores = scores + wide(in[at + op.has_mask]);
    if (mask_.defined()) scores = where(mask_, scores, graph::constant(kExcluded, graph::float32));
    weights = softmax(scores);
  }

  static Tensor wide(const Tensor& x) { return cast(x, graph::float32); }
  /// Of key or value: as many heads as the query has.
  Tensor heads(const Tensor& x) const { return share_ == 1 ? wide(x) : repeat(wide(x), share_, 2); }
  /// The other way round, of gradients.
  Tensor heads_summed(const Tensor& x) const {
    const Shape& s = x.shape();
    return share_ == 1 ? x : sum(reshape(x, {s[0], s[1], s[2] / share_, share_, s[3]}), 3);
  }
  /// Zeros where no score counts.
  Tensor counted(const Tensor& scores) const {
    return mask_.defined() ? where(mask_, scores, graph::constant(0, graph::float32)) : scores;
  }
  /// The gradient by scores from that by weights.
  Tensor by_scores(const Tensor& by_weights) const {
    return counted(weights * (by_weights - sum(weights * by_weights, -1, keepdims)));
  }
  double scale() const { return scale_; }

 private:
  std::int64_t share_;
  double scale_;
  Tensor mask_;

 public:
  Tensor q, k, v, weights;
};

// For each query and key the product of two rows, for each query or key the sum over the others.
Tensor products(const Tensor& by_query, const Tensor& by_key) { return einsum("btnh,bsnh->bnts", by_query, by_key); }
Tensor over_keys(const Tensor& scores, const Tensor& by_key) { return einsum("bnts,bsnh->btnh", scores, by_key); }
Tensor over_queries(const Tensor& scores, const Tensor& by_query) {
  return einsum("bnts,btnh->bsnh", scores, by_query);
}

Tensor added(const Tensor& a, const Tensor& b) { return a.defined() && b.defined() ? a + b : a.defined() ? a : b; }

/// Inputs: query, key, value, y, the softmaxes' logarithms, dy, mask, bias; outputs: gradients by the first three.
struct DotProductAttentionBackward final : Attention {
  static constexpr int kBefore = 6;
  std::string_view name() const override { return "dot_product_attention_backward"; }
  Specs infer(const Specs& in) const override { return {in[0], in[1], in[2]}; }

  // With S the scores, P their softmax and G the gradients by what this op gives, the loss is <dS, A> + <P, B> where
  // A = scale (Gq k^T + q Gk^T), B = dy Gv^T, dS = P (dP - sum(P dP)) and dP = dy v^T.
  Tensors gradient(const Backward& b) const override {
    const Plain plain(*this, b.inputs(), kBefore);
    const Tensor& p = plain.weights;
    const Tensor dy = Plain::wide(b.x(5));
    const Tensor gq = b.dy(0).defined() ? Plain::wide(b.dy(0)) : Tensor(),
                 gk = b.dy(1).defined() ? plain.heads(b.dy(1)) : Tensor(),
                 gv = b.dy(2).defined() ? plain.heads(b.dy(2)) : Tensor();
    const Tensor dp = products(dy, plain.v), ds = plain.by_scores(dp);
    Tensor q, k, v, by_dy, by_p;
    if (gq.defined() || gk.defined()) {
      const Tensor sum_of_both =
          added(gq.defined() ? products(gq, plain.k) : Tensor(), gk.defined() ? products(plain.q, gk) : Tensor());
      const Tensor a = plain.counted(sum_of_both * scale), mean = sum(a * p, -1, keepdims), e = p * (a - mean);
      by_p = a * (dp - sum(p * dp, -1, keepdims)) - mean * dp;
      v = over_queries(e, dy), by_dy = over_keys(e, plain.v);
      if (gk.defined()) q = over_keys(ds, gk);
      if (gq.defined()) k = over_queries(ds, gq);
    }
    if (gv.defined()) by_p = added(by_p, products(dy, gv)), by_dy = added(by_dy, over_keys(p, gv));
    const Tensor s = plain.by_scores(by_p);
    const auto like = [](const Tensor& x, const Tensor& input) { return x.defined() ? cast(x, input.dtype()) : x; };
    Tensors gradients(b.inputs().size());
    gradients[0] = like(added(over_keys(s, plain.k), q) * scale, b.x(0));
    gradients[1] = like(plain.heads_summed(added(over_queries(s, plain.q), k) * scale), b.x(1));
    if (v.defined()) gradients[2] = like(plain.heads_summed(v), b.x(2));
    gradients[5] = like(by_dy, b.x(5));
    const int bias = kBefore + has_mask;
    if (has_bias) gradients[static_cast<std::size_t>(bias)] = like(sum_to(s, b.x(bias).shape()), b.x(bias));
    return gradients;
  }
  Kernel plan(const PlanRequest& r) const override {
    return internal::plan_attention_backward(problem(r.in, kBefore), r);
  }
};

/// Inputs: query, key, value, mask, bias; outputs: y and the logarithms of the softmaxes' denominators.
struct DotProductAttention final : Attention {
  static constexpr int kBefore = 3;
  std::string_view name() const override { return kName; }
  Specs infer(const Specs& in) const override {
    const Shape& q = in[0].shape;
    return {{in[0].dtype, q.with(3, in[2].shape[3])}, {graph::float32, {q[0], q[2], q[1]}}};
  }
  Tensors gradient(const Backward& b) const override {
    if (!b.dy(0).defined()) return no_gradient(b);
    auto op = std::make_shared<DotProductAttentionBackward>();
    static_cast<Attention&>(*op) = *this;
    Tensors in{b.x(0), b.x(1), b.x(2), b.y(0), b.y(1), b.dy(0)};
    in.insert(in.end(), b.inputs().begin() + kBefore, b.inputs().end());
    Tensors gradients = graph::apply(std::move(op), std::move(in));
    gradients.resize(b.inputs().size());
    const int bias = kBefore + has_mask;
    if (has_bias && b.wants(bias)) {
      const Plain plain(*this, b.inputs(), kBefore);
      const Tensor s = plain.by_scores(products(Plain::wide(b.dy(0)), plain.v));
      gradients[static_cast<std::size_t>(bias)] = cast(sum_to(s, b.x(bias).shape()), b.x(bias).dtype());
    }
    return gradients;
  }
  Kernel plan(const PlanRequest& r) const override { return internal::plan_attention(problem(r.in, kBefore), r); }
};

const bool registered = graph::register_op<DotProductAttention, DotProductAttentionBackward>();

Tensor with_four_axes(const Tensor& x) {
  Shape shape = x.shape();
  while (shape.rank() < 4) shape = shape.prepend(1);
  return reshape(x, shape);
}

}  // namespace

Tensor attention_band(std::int64_t steps, std::int64_t source_steps, bool is_causal, std::int64_t sliding_window) {
  if (!is_causal && sliding_window == 0) return {};
  graph::Array band(Shape{steps, source_steps}, graph::bool_);
  for (std::int64_t i = 0; i < steps; ++i)
    for (std::int64_t j = 0; j < source_steps; ++j)
      band.data<bool>()[i * source_steps + j] =
          (!is_causal || j <= i) && (sliding_window == 0 || std::abs(i - j) < sliding_window);
  return graph::constant(band);
}

Tensor dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                             const DotProductAttentionConfig& config) {
  check(query, key, value, config);
  auto op = std::make_shared<DotProductAttention>();
  op->scale = config.scale.value_or(1 / std::sqrt(static_cast<double>(query.shape()[3])));
  op->is_causal = config.is_causal;
  op->sliding_window = config.sliding_window;
  op->has_mask = config.mask.defined();
  op->has_bias = config.bias.defined();
  Tensors in{query, key, value};
  if (op->has_mask) in.push_back(with_four_axes(config.mask));
  if (op->has_bias) in.push_back(cast(with_four_axes(config.bias), graph::float32));
  if (config.flash_attention.value_or(true)) return graph::apply(std::move(op), std::move(in)).front();
  const Plain plain(*op, in, DotProductAttention::kBefore);
  return cast(over_keys(plain.weights, plain.v), query.dtype());
}

}  // namespace cornu::ops
