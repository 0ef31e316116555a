#include "cornu/keras/layers/attention/internal/attend.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/einsum.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/dot_product_attention.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::layers::internal {

using graph::require;

namespace {

constexpr double kExcluded = -1e9;  // Keras' number for what is masked

Tensor dropped(const Tensor& weights, const Attending& config) {
  if (config.dropout == 0) return weights;
  if (config.dropout == 1) return ops::zeros_like(weights);
  return ops::where(kept(config.random_state, weights.shape(), config.dropout), weights * (1 / (1 - config.dropout)),
                    graph::constant(0, weights.dtype()));
}

}  // namespace

Tensor truth(const Tensor& mask) {
  return !mask.defined() || mask.dtype() == graph::bool_ ? mask
                                                         : ops::not_equal(mask, graph::constant(0, mask.dtype()));
}

Tensor both(const Tensor& a, const Tensor& b) {
  if (!a.defined()) return b;
  return b.defined() ? ops::logical_and(a, b) : a;
}

void require_mask(const std::string& who, const char* name, const Shape& mask, const Shape& axes) {
  bool fits = mask.rank() <= axes.rank();
  for (int i = 1; fits && i <= mask.rank(); ++i) {
    const std::int64_t length = mask[mask.rank() - i], wanted = axes[axes.rank() - i];
    fits = length == 1 || length == wanted || length == graph::kUnknown || wanted == graph::kUnknown;
  }
  require<ShapeError>(fits, who, "expected ", name, " that broadcasts to ", axes, ", got shape ", mask);
}

Weights weigh(const Tensor& scores, const Tensor& mask, const Attending& config) {
  if (!mask.defined()) {
    const Tensor whole = ops::softmax(scores);
    return {whole, dropped(whole, config)};
  }
  const Tensor weights = ops::softmax(ops::where(mask, scores, graph::constant(kExcluded, scores.dtype())));
  const Tensor whole = ops::where(mask, weights, graph::constant(0, weights.dtype()));
  return {whole, dropped(whole, config)};
}

Attended attend(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask,
                const Attending& config) {
  const double scale = config.scale.value_or(1);
  if (!config.keeps_scores)
    return {ops::dot_product_attention(query, key, value,
                                       {.mask = mask,
                                        .scale = scale,
                                        .is_causal = config.is_causal,
                                        .flash_attention = config.flash_attention,
                                        .sliding_window = config.sliding_window}),
            {}};
  const std::int64_t share = query.shape()[2] / key.shape()[2];
  const auto repeated = [&](const Tensor& x) { return share == 1 ? x : ops::repeat(x, share, 2); };
  const Tensor scores = ops::einsum("btnh,bsnh->bnts", query * scale, repeated(key));
  const Tensor band = ops::attention_band(query.shape()[1], key.shape()[1], config.is_causal, config.sliding_window);
  const Weights weights = weigh(scores, both(mask, band), config);
  return {ops::einsum("bnts,bsnh->btnh", weights.kept, repeated(value)), weights.whole};
}

}  // namespace cornu::keras::layers::internal
