#include "cornu/keras/layers/merging/dot.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

// Keras' `normalize`: x / sqrt(max(sum of squares, 1e-12)).
Tensor unit(const Tensor& x, int axis) {
  const Tensor squares = ops::sum(ops::square(x), axis, ops::KeepDims::yes);
  return x / ops::sqrt(ops::maximum(squares, graph::constant(1e-12, squares.dtype())));
}

struct DotLayer final : Configured<MergeLayer, DotConfig> {
  explicit DotLayer(DotConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.axes.size() == 1 || config_.axes.size() == 2, who(), "expected one axis or two, got ",
                        config_.axes.size());
  }

  std::pair<int, int> axes_for(const Shape& a, const Shape& b) const {
    const int first = a.normalize(config_.axes.front()), second = b.normalize(config_.axes.back());
    require<ValueError>(first != 0 && second != 0, who(), "axis 0 is the batch and cannot be summed over");
    return {first, second};
  }

  void build_all(const Shapes& inputs) override {
    require<ValueError>(inputs.size() == 2, who(), "expected exactly 2 inputs, got ", inputs.size());
    const Shape &a = inputs[0], &b = inputs[1];
    require<ValueError>(a.rank() >= 2 && b.rank() >= 2, who(), "expected inputs of at least two axes, got shapes ", a,
                        " and ", b);
    const auto [first, second] = axes_for(a, b);
    require<ShapeError>(a[first] == b[second] || a[first] == kUnknown || b[second] == kUnknown, who(), "axis ", first,
                        " of ", a, " and axis ", second, " of ", b, " have different lengths");
  }

  Tensor merge(const Tensors& x, const Tensors&) const override {
    Tensor a = x[0], b = x[1];
    const auto [first, second] = axes_for(a.shape(), b.shape());
    if (config_.normalize) a = unit(a, first), b = unit(b, second);
    a = ops::moveaxis(a, first, -1);  // (batch, …, n)
    b = ops::moveaxis(b, second, 1);  // (batch, n, …)
    const Shape left = a.shape().drop_front().drop_back(), right = b.shape().drop_front(2);
    const std::int64_t batch = a.shape().front(), n = a.shape().back();
    Tensor y = ops::matmul(ops::reshape(a, {batch, left.elements(), n}), ops::reshape(b, {batch, n, right.elements()}));
    Shape shape = Shape{batch};
    for (const std::int64_t length : left) shape = shape.append(length);
    for (const std::int64_t length : right) shape = shape.append(length);
    if (shape.rank() == 1) shape = shape.append(1);
    return ops::reshape(y, shape);
  }

  bool aligns_ranks() const override { return false; }
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }
};

const bool dot_registered = registry().add<DotLayer>("Dot");

}  // namespace

void DotConfig::fields(ConfigVisitor& v) {
  v("axes", axes, {.number_if_one = true});
  v("normalize", normalize);
}

Made<MergeLayer, DotConfig> DotConfig::make() const { return std::make_shared<DotLayer>(*this); }

Dot::Dot(int axis, DotConfig config)
    : Handle([&] {
        config.axes = {axis};
        return std::move(config);
      }()) {}

KerasTensor dot(const std::vector<KerasTensor>& x, int axis, DotConfig config) {
  return Dot(axis, std::move(config))(x);
}

}  // namespace cornu::keras::layers
