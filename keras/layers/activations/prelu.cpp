#include "cornu/keras/layers/activations/prelu.h"

#include "cornu/graph/check.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct PReLULayer final : Configured<Layer, PReLUConfig> {
  explicit PReLULayer(PReLUConfig config) : Configured(std::move(config)) { set_supports_masking(true); }

  void build(const Shape& input) override {
    Shape shape = input.drop_front();
    for (const int axis : config_.shared_axes.value_or(std::vector<int>())) {
      require<ValueError>(axis >= 1 && axis < input.rank(), who(), "expected shared_axes from 1 to ", input.rank() - 1,
                          " for an input of shape ", input, ", got ", axis);
      shape[axis - 1] = 1;
    }
    for (int axis = 0; axis < shape.rank(); ++axis)
      require<ShapeError>(shape[axis] != kUnknown, who(), "axis ", axis + 1,
                          " of the input must be known or one of shared_axes, got shape ", input);
    alpha_ = add_weight({.name = "alpha",
                         .shape = shape,
                         .initializer = config_.alpha_initializer,
                         .regularizer = config_.alpha_regularizer,
                         .constraint = config_.alpha_constraint});
  }

  Tensor call(const Tensor& x, Context&) override {
    const Shape& slopes = alpha_.shape();
    bool fits = x.ndim() == slopes.rank() + 1;
    for (int axis = 0; fits && axis < slopes.rank(); ++axis)
      fits = slopes[axis] == 1 || slopes[axis] == x.shape()[axis + 1];
    require<ShapeError>(fits, who(), "has alpha of shape ", slopes, ", to which an input of shape ", x.shape(),
                        " does not fit");
    // Keras' formula: its gradient by alpha is 0 where x is 0 or more.
    const Tensor alpha = alpha_;
    return ops::relu(x) - alpha * ops::relu(-x);
  }

 private:
  Variable alpha_;
};

}  // namespace

void PReLUConfig::fields(ConfigVisitor& v) {
  v("alpha_initializer", alpha_initializer, {.also_read = "init"});  // Keras 1's name
  v("alpha_regularizer", alpha_regularizer);
  v("alpha_constraint", alpha_constraint);
  v("shared_axes", shared_axes);
}

CORNU_LAYER(PReLUConfig, PReLULayer, "PReLU");

}  // namespace cornu::keras::layers
