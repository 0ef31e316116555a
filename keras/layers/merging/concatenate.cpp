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
namespace {

using graph::require;

struct ConcatenateLayer final : Configured<MergeLayer, ConcatenateConfig> {
  using Configured::Configured;

  void build_all(const Shapes& inputs) override {
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

  Tensor merge(const Tensors& x, const Tensors&) const override { return ops::concatenate(x, config_.axis); }
  bool aligns_ranks() const override { return false; }

  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override {
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
};

const bool concatenate_registered = registry().add<ConcatenateLayer>("Concatenate");

}  // namespace

void ConcatenateConfig::fields(ConfigVisitor& v) { v("axis", axis); }

Made<MergeLayer, ConcatenateConfig> ConcatenateConfig::make() const {
  return std::make_shared<ConcatenateLayer>(*this);
}

KerasTensor concatenate(const std::vector<KerasTensor>& x, ConcatenateConfig config) {
  return Concatenate(std::move(config))(x);
}

}  // namespace cornu::keras::layers
