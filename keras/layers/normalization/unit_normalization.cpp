#include "cornu/keras/layers/normalization/unit_normalization.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/keras/layers/normalization/internal/moments.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

struct UnitNormalizationLayer final : Configured<Layer, UnitNormalizationConfig> {
  explicit UnitNormalizationLayer(UnitNormalizationConfig config) : Configured(std::move(config)) {
    set_supports_masking(true);
  }

  void build(const Shape& input) override { internal::axes_of(who(), config_.axis, input); }

  Tensor call(const Tensor& given, Context&) override {
    constexpr double kLargest = 1e12;  // the factor of what has no length
    const Tensor x = ops::cast(given, compute_dtype());
    const Tensor squares = ops::sum(ops::square(x), internal::axes_of(who(), config_.axis, x.shape()), graph::keepdims);
    return x * ops::minimum(internal::rsqrt(squares), graph::constant(kLargest, x.dtype()));
  }
};

}  // namespace

void UnitNormalizationConfig::fields(ConfigVisitor& v) { v("axis", axis, {.number_if_one = true}); }

CORNU_LAYER(UnitNormalizationConfig, UnitNormalizationLayer, "UnitNormalization");

}  // namespace cornu::keras::layers
