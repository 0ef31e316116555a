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

MergeLayer::MergeLayer(LayerConfig config) : Layer(std::move(config)) { set_supports_masking(true); }

void MergeLayer::build_all(const Shapes& inputs) {
  for (const Shape& shape : inputs)
    require<ShapeError>(shape.rank() >= 1, who(), "expected inputs with a batch axis, got shape ", shape);
}

Tensors MergeLayer::call_all(const Inputs& inputs, Context& ctx) {
  require<ValueError>(inputs.size() > 0, who(), "expected a list of inputs, got none");
  Tensors x = inputs.tensors(), masks;
  for (const Tensor& tensor : x) {
    masks.push_back(ctx.mask(tensor));
    if (masks.back().defined())
      while (masks.back().ndim() < tensor.ndim()) masks.back() = ops::expand_dims(masks.back(), -1);
  }
  int rank = 0;
  for (const Tensor& tensor : x) rank = std::max(rank, tensor.ndim());
  if (aligns_ranks())
    for (Tensors* list : {&x, &masks})
      for (Tensor& tensor : *list)
        while (tensor.defined() && tensor.ndim() < rank) tensor = ops::expand_dims(tensor, 1);
  // Integers and floating numbers together are computed in the floating dtype.
  const auto floating = std::find_if(x.begin(), x.end(), [](const Tensor& t) { return graph::is_floating(t.dtype()); });
  if (floating != x.end()) {
    const graph::DType dtype = floating->dtype();
    for (Tensor& tensor : x) tensor = ops::cast(tensor, dtype);
  }
  return {merge(x, masks)};
}

namespace {

// Where any of the masks is true; undefined if one is.
Tensor any_of(const Tensors& masks) {
  Tensor any = masks.front();
  for (const Tensor& mask : masks)
    any = !any.defined() || !mask.defined() ? Tensor() : any.same(mask) ? any : ops::logical_or(any, mask);
  return any;
}

template <class F>
Tensor folded(const Tensors& x, F&& f) {
  Tensor y = x.front();
  for (std::size_t i = 1; i < x.size(); ++i) y = f(y, x[i]);
  return y;
}

using Binary = Tensor (*)(const Tensor&, const Tensor&);

// Neither the largest nor the smallest of all has a number that stands for "none": where one of two is masked, it takes
// the other's place.
Tensor extreme(const Tensors& inputs, const Tensors& masks, Binary f) {
  Tensor y = inputs.front(), mask = masks.front();
  for (std::size_t i = 1; i < inputs.size(); ++i) {
    Tensor x = inputs[i];
    if (masks[i].defined()) x = ops::where(masks[i], x, y);
    if (mask.defined()) y = ops::where(mask, y, x);
    mask = any_of({mask, masks[i]});
    y = f(y, x);
  }
  return y;
}

template <Literal kName>
struct Merging final : Configured<MergeLayer, MergeConfig<kName>> {
  using Configured<MergeLayer, MergeConfig<kName>>::Configured;
  void build_all(const Shapes& inputs) override { MergeLayer::build_all(inputs); }
  Tensor merge(const Tensors& x, const Tensors& masks) const override;
};

template <>
Tensor Merging<"Add">::merge(const Tensors& x, const Tensors&) const {
  return folded(x, [](const Tensor& a, const Tensor& b) { return a + b; });
}

template <>
void Merging<"Subtract">::build_all(const Shapes& inputs) {
  require<ValueError>(inputs.size() == 2, who(), "expected exactly 2 inputs, got ", inputs.size());
  MergeLayer::build_all(inputs);
}
template <>
Tensor Merging<"Subtract">::merge(const Tensors& x, const Tensors&) const {
  return x[0] - x[1];
}

template <>
Tensor Merging<"Multiply">::merge(const Tensors& inputs, const Tensors& masks) const {
  Tensors x = inputs;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (masks[i].defined()) x[i] = ops::where(masks[i], x[i], graph::constant(1, x[i].dtype()));
  const Tensor y = folded(x, [](const Tensor&a, const Tensor&b) { return a * b; }), mask = any_of(masks);
  return mask.defined() ? ops::where(mask, y, graph::constant(0, y.dtype())) : y;
}

template <>
Tensor Merging<"Average">::merge(const Tensors& x, const Tensors&) const {
  const Tensor sum = folded(x, [](const Tensor& a, const Tensor& b) { return a + b; });
  const bool whole = !graph::is_floating(sum.dtype());
  return (whole ? ops::cast(sum, graph::float32) : sum) / static_cast<double>(x.size());
}

template <>
Tensor Merging<"Maximum">::merge(const Tensors& x, const Tensors& masks) const {
  return extreme(x, masks, [](const Tensor& a, const Tensor& b) { return ops::maximum(a, b); });
}

template <>
Tensor Merging<"Minimum">::merge(const Tensors& x, const Tensors& masks) const {
  return extreme(x, masks, [](const Tensor& a, const Tensor& b) { return ops::minimum(a, b); });
}

const bool merge_registered =
    registry().add<Merging<"Add">>("Add") && registry().add<Merging<"Subtract">>("Subtract") &&
    registry().add<Merging<"Multiply">>("Multiply") && registry().add<Merging<"Average">>("Average") &&
    registry().add<Merging<"Maximum">>("Maximum") && registry().add<Merging<"Minimum">>("Minimum");

}  // namespace

Tensor MergeLayer::compute_mask_all(const Inputs&, const Tensors& masks) const { return any_of(masks); }

template <Literal kName>
Made<MergeLayer, MergeConfig<kName>> MergeConfig<kName>::make() const {
  return std::make_shared<Merging<kName>>(*this);
}
template struct MergeConfig<"Add">;
template struct MergeConfig<"Subtract">;
template struct MergeConfig<"Multiply">;
template struct MergeConfig<"Average">;
template struct MergeConfig<"Maximum">;
template struct MergeConfig<"Minimum">;

KerasTensor add(const std::vector<KerasTensor>& x, AddConfig config) { return Add(std::move(config))(x); }
KerasTensor subtract(const std::vector<KerasTensor>& x, SubtractConfig config) {
  return Subtract(std::move(config))(x);
}
KerasTensor multiply(const std::vector<KerasTensor>& x, MultiplyConfig config) {
  return Multiply(std::move(config))(x);
}
KerasTensor average(const std::vector<KerasTensor>& x, AverageConfig config) { return Average(std::move(config))(x); }
KerasTensor maximum(const std::vector<KerasTensor>& x, MaximumConfig config) { return Maximum(std::move(config))(x); }
KerasTensor minimum(const std::vector<KerasTensor>& x, MinimumConfig config) { return Minimum(std::move(config))(x); }

}  // namespace cornu::keras::layers
