#include "cornu/keras/layers/activations/softmax.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

constexpr double kExcluded = -1e9;  // Keras' number for what is masked

// Over several axes: as over one, which they are made behind the others.
Tensor softmax_over(const Tensor& x, const std::vector<int>& axes) {
  if (axes.size() == 1) return ops::softmax(x, axes.front());
  std::vector<int> order;
  for (int axis = 0; axis < x.ndim(); ++axis)
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) order.push_back(axis);
  const auto others = static_cast<int>(order.size());
  order.insert(order.end(), axes.begin(), axes.end());
  std::vector<int> back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) back[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  const Tensor moved = ops::transpose(x, order);
  const Shape& shape = moved.shape();
  const Shape flat = shape.drop_back(shape.rank() - others).append(shape.drop_front(others).elements());
  return ops::transpose(ops::reshape(ops::softmax(ops::reshape(moved, flat)), shape), back);
}

struct SoftmaxLayer final : Configured<Layer, SoftmaxConfig> {
  explicit SoftmaxLayer(SoftmaxConfig config) : Configured(std::move(config)) {
    require<ValueError>(!config_.axis.empty(), who(), "expected at least one axis, got none");
    set_supports_masking(true);
  }

  std::vector<int> axes_of(const Shape& input) const {
    std::vector<int> axes;
    for (const int axis : config_.axis) {
      const int normal = input.normalize(axis);
      require<ValueError>(std::find(axes.begin(), axes.end(), normal) == axes.end(), who(), "axis ", axis,
                          " of an input of shape ", input, " is given twice");
      axes.push_back(normal);
    }
    return axes;
  }

  void build(const Shape& input) override { axes_of(input); }

  Tensor call(const Tensor& x, Context& ctx) override {
    const std::vector<int> axes = axes_of(x.shape());
    Tensor mask = ctx.mask(x);
    if (!mask.defined()) return softmax_over(x, axes);
    while (mask.ndim() < x.ndim()) mask = ops::expand_dims(mask, mask.ndim());
    const Tensor y = softmax_over(ops::where(mask, x, graph::constant(kExcluded, x.dtype())), axes);
    return ops::where(mask, y, graph::constant(0, y.dtype()));
  }

  // What a mask says that is given for the call alone is of elements rather than of steps.
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override {
    return inputs.named("mask").defined() ? Tensor() : masks.front();
  }
};

}  // namespace

void SoftmaxConfig::fields(ConfigVisitor& v) { v("axis", axis, {.number_if_one = true}); }

CORNU_LAYER(SoftmaxConfig, SoftmaxLayer, "Softmax");

}  // namespace cornu::keras::layers
