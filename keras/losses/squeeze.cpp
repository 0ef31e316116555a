#include "cornu/keras/losses/squeeze.h"

#include "cornu/ops/native/reshape.h"

namespace cornu::keras::losses {

std::pair<graph::Tensor, graph::Tensor> squeeze_or_expand_to_same_rank(const graph::Tensor& a, const graph::Tensor& b) {
  if (a.ndim() < b.ndim()) {
    auto [longer, shorter] = squeeze_or_expand_to_same_rank(b, a);
    return {shorter, longer};
  }
  if (a.ndim() != b.ndim() + 1 || a.shape().back() != 1) return {a, b};
  if (b.ndim() == 1) return {a, ops::expand_dims(b, -1)};
  return {ops::squeeze(a, -1), b};
}

}  // namespace cornu::keras::losses
