#include "cornu/graph/passes/pass.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/passes/internal/match.h"

// cast(cast(x, wide), target) = cast(x, target) where every number of x's dtype is one of the wide dtype: mixed
// precision goes to float32 and back where layers meet. (A signalling NaN, which no kernel gives, comes out quiet of
// two casts and as it is of none.)
namespace cornu::ops {
namespace {

using graph::DType;
using graph::Node;
using graph::Users;
using internal::is;

bool holds_every(DType wide, DType narrow) {
  if (wide == narrow || narrow == bool_) return true;
  switch (narrow) {
    case DType::uint8:
      return wide != bool_;
    case DType::int32:
      return wide == int64 || wide == float64;
    case DType::bfloat16:
      return wide == float32 || wide == float64;
    case DType::float32:
      return wide == float64;
    default:
      return false;
  }
}

Tensors cast_of_cast(const Node& node, const Users&) {
  if (!is(node, "cast")) return {};
  const Tensor& middle = node.inputs()[0];
  if (middle.spec() == node.outputs()[0]) return {middle};
  if (!is(middle, "cast")) return {};
  const Tensor& x = middle.node().inputs()[0];
  if (!holds_every(middle.dtype(), x.dtype())) return {};
  return {cast(x, node.outputs()[0].dtype)};
}

const bool simplify_casts_registered = graph::register_rule("simplification", "casts_cast_of_cast", cast_of_cast);

}  // namespace
}  // namespace cornu::ops
