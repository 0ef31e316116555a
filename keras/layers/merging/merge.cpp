#include "cornu/keras/layers/merging/merge.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {

using graph::require;

MergeLayer::MergeLayer(LayerConfig config, std::size_t least) : Layer(std::move(config)), least_(least) {
  set_supports_masking(true);
}

void MergeLayer::build_all(const Shapes& inputs) {
  require<ValueError>(inputs.size() >= least_, who(), "expected a list of at least ", least_, " inputs, got ",
                      inputs.size());
  for (const Shape& shape : inputs)
    require<ShapeError>(shape.rank() >= 1, who(), "expected inputs with a batch axis, got shape ", shape);
}

Tensors MergeLayer::call_all(const Inputs& inputs, Context&) {
  require<ValueError>(inputs.size() >= least_, who(), "expected a list of at least ", least_, " inputs, got ",
                      inputs.size());
  Tensors x = inputs.tensors();
  int rank = 0;
  for (const Tensor& tensor : x) rank = std::max(rank, tensor.ndim());
  if (aligns_ranks())
    for (Tensor& tensor : x)
      while (tensor.ndim() < rank) tensor = ops::expand_dims(tensor, 1);
  // Integers and floating numbers together are computed in the floating dtype.
  const auto floating = std::find_if(x.begin(), x.end(), [](const Tensor& t) { return graph::is_floating(t.dtype()); });
  if (floating != x.end()) {
    const graph::DType dtype = floating->dtype();
    for (Tensor& tensor : x) tensor = ops::cast(tensor, dtype);
  }
  return {merge(x)};
}

namespace {

Tensor joined(const Tensors& masks, Tensor (*join)(const Tensor&, const Tensor&)) {
  for (const Tensor& mask : masks)
    if (!mask.defined()) return {};
  Tensor all = masks.front();
  for (std::size_t i = 1; i < masks.size(); ++i) all = join(all, masks[i]);
  return all;
}

template <class F>
Tensor folded(const Tensors& x, F&& f) {
  Tensor y = x.front();
  for (std::size_t i = 1; i < x.size(); ++i) y = f(y, x[i]);
  return y;
}

}  // namespace

Tensor MergeLayer::compute_mask_all(const Inputs&, const Tensors& masks) const {
  return joined(masks, [](const Tensor& a, const Tensor& b) { return ops::logical_or(a, b); });
}

Tensor AddLayer::merge(const Tensors& x) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return a + b; });
}

void SubtractLayer::build_all(const Shapes& inputs) {
  require<ValueError>(inputs.size() == 2, who(), "expected exactly 2 inputs, got ", inputs.size());
  MergeLayer::build_all(inputs);
}
Tensor SubtractLayer::merge(const Tensors& x) const { return x[0] - x[1]; }

Tensors MultiplyLayer::call_all(const Inputs& inputs, Context& ctx) {
  Tensors x = inputs.tensors(), masks;
  for (Tensor& tensor : x) {
    Tensor mask = ctx.mask(tensor);
    if (!mask.defined()) continue;
    while (mask.ndim() < tensor.ndim()) mask = ops::expand_dims(mask, -1);
    tensor = ops::where(mask, tensor, graph::constant(1, tensor.dtype()));
    masks.push_back(mask);
  }
  Tensor y = MergeLayer::call_all(Inputs(x), ctx).front();
  if (masks.size() == x.size())
    y = ops::where(joined(masks, [](const Tensor& a, const Tensor& b) { return ops::logical_or(a, b); }), y,
                   graph::constant(0, y.dtype()));
  return {y};
}

Tensor MultiplyLayer::merge(const Tensors& x) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return a * b; });
}

Tensor AverageLayer::merge(const Tensors& x) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return a + b; }) / static_cast<double>(x.size());
}

Tensor MaximumLayer::merge(const Tensors& x) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return ops::maximum(a, b); });
}

Tensor MinimumLayer::merge(const Tensors& x) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return ops::minimum(a, b); });
}

namespace {

const bool registered = registry().add<AddLayer>("Add") && registry().add<SubtractLayer>("Subtract") &&
                        registry().add<MultiplyLayer>("Multiply") && registry().add<AverageLayer>("Average") &&
                        registry().add<MaximumLayer>("Maximum") && registry().add<MinimumLayer>("Minimum");

}  // namespace
}  // namespace cornu::keras::layers
