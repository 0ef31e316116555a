#include "cornu/keras/layers/core/masking.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct MaskingLayer final : Configured<Layer, MaskingConfig> {
  explicit MaskingLayer(MaskingConfig config) : Configured(std::move(config)) { set_supports_masking(true); }

  // Which steps count: those with a feature that is not the mask's value.
  Tensor counts(const Tensor& x) const {
    require<ShapeError>(x.ndim() >= 2, who(), "expected an input of at least two axes, got shape ", x.shape());
    const Tensor differs = ops::cast(ops::not_equal(x, graph::constant(config_.mask_value, x.dtype())), graph::float32);
    return ops::greater(ops::max(differs, -1), graph::constant(0, graph::float32));
  }

  Tensor call(const Tensor& x, Context&) override {
    return ops::where(ops::expand_dims(counts(x), -1), x, graph::constant(0, x.dtype()));
  }

  Tensor compute_mask(const Tensor& x, const Tensor&) const override { return counts(x); }
};

}  // namespace

void MaskingConfig::fields(ConfigVisitor& v) { v("mask_value", mask_value); }

CORNU_LAYER(MaskingConfig, MaskingLayer, "Masking");

}  // namespace cornu::keras::layers
