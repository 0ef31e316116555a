#include "cornu/keras/layers/core/dense.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct DenseLayer final : Configured<Layer, DenseConfig> {
  explicit DenseLayer(DenseConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.units > 0, who(), "expected a positive number of units, got ", config_.units);
    set_activity_regularizer(config_.activity_regularizer);
    set_supports_masking(true);
  }

  void build(const Shape& input) override {
    require<ShapeError>(input.rank() >= 2, who(), "expected an input of at least two axes, got shape ", input);
    require<ShapeError>(input.back() != kUnknown, who(), "the last axis of the input must be known, got shape ", input);
    kernel_ = add_weight(internal::kernel(config_, {input.back(), config_.units}));
    if (config_.use_bias) bias_ = add_weight(internal::bias(config_, {config_.units}));
  }

  Tensor call(const Tensor& x, Context&) override {
    const std::int64_t inputs = kernel_.shape()[0];
    require<ShapeError>(x.ndim() >= 2, who(), "expected an input of at least two axes, got shape ", x.shape());
    require<ShapeError>(x.shape().back() == inputs, who(), "expected last input axis ", inputs, ", got ",
                        x.shape().back(), " (input shape ", x.shape(), ")");
    const Tensor kernel = kernel_;
    Tensor y = ops::matmul(ops::cast(x, kernel.dtype()), kernel);
    if (config_.use_bias) y = y + bias_;
    return config_.activation ? config_.activation(y) : y;
  }

 private:
  Variable kernel_, bias_;
};

}  // namespace

void DenseConfig::fields(ConfigVisitor& v) {
  // output_dim: the name of Keras 1, which Keras 2 reads.
  v("units", units, {.also_read = "output_dim"});
  v("activation", activation);
  internal::visit_kernel_and_bias(*this, v, {.keras3_unless_null = true});
  std::optional<int> input_dim;
  v("input_dim", input_dim, {.only_read = true});
  if (input_dim && !input_shape.is_set()) input_shape = {*input_dim};
}

CORNU_LAYER(DenseConfig, DenseLayer, "Dense");

Dense::Dense(int units, DenseConfig config)
    : Handle([&] {
        require<ValueError>(config.units == 0 || config.units == units, "Dense(", units, ", {.units = ", config.units,
                            "}): the number of units is given twice");
        config.units = units;
        return std::move(config);
      }()) {}

}  // namespace cornu::keras::layers
