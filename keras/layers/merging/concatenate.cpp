#include "cornu/keras/layers/merging/concatenate.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {

using graph::require;

void ConcatenateConfig::fields(ConfigVisitor& v) {
  v("axis", axis);
  base_fields(*this, v);
}

ConcatenateLayer::ConcatenateLayer(ConcatenateConfig config) : Configured(std::move(config)) {}

void ConcatenateLayer::build_all(const Shapes& inputs) {
  MergeLayer::build_all(inputs);
  const int axis = inputs.front().normalize(config_.axis);
  for (const Shape& shape : inputs) {
    bool fits = shape.rank() == inputs.front().rank();
    for (int i = 0; fits && i < shape.rank(); ++i)
      fits = i == axis || shape[i] == inputs.front()[i] || shape[i] == kUnknown || inputs.front()[i] == kUnknown;
    require<ShapeError>(fits, who(), "expected inputs that differ along axis ", axis, " alone, got shapes ",
                        inputs.front(), " and ", shape);
  }
}

Tensor ConcatenateLayer::merge(const Tensors& x, const Tensors&) const { return ops::concatenate(x, config_.axis); }

Tensor ConcatenateLayer::compute_mask_all(const Inputs& inputs, const Tensors& masks) const {
  bool any = false;
  for (const Tensor& mask : masks) any = any || mask.defined();
  if (!any) return {};
  Tensors full;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Tensor mask = masks[i].defined() ? masks[i] : graph::constant(1, graph::bool_);
    if (masks[i].defined())
      while (mask.ndim() < inputs[i].ndim()) mask = ops::expand_dims(mask, -1);
    full.push_back(ops::broadcast_to(mask, inputs[i].shape()));
  }
  const Tensor joined = ops::cast(ops::concatenate(full, config_.axis), graph::float32);
  return ops::greater(ops::max(joined, -1), graph::constant(0, graph::float32));
}

namespace {

const bool concatenate_registered = registry().add<ConcatenateLayer>("Concatenate");

}  // namespace
KerasTensor concatenate(const std::vector<KerasTensor>& x, ConcatenateConfig config) {
  return Concatenate(std::move(config))(x);
}

}  // namespace cornu::keras::layers
