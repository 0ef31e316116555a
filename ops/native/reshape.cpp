#include "cornu/ops/native/reshape.h"

#include <algorithm>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"

namespace cornu::ops {
namespace {

using graph::require;

std::string asked(const Shape& shape) {  // as written: here -1 is not an unknown axis
  std::string text = "(";
  for (std::int64_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

Shape resolve(const Shape& from, const Shape& wanted) {
  Shape shape = wanted;
  int open = -1;
  std::int64_t known = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    require<ShapeError>(shape[i] >= 0 || (shape[i] == -1 && open < 0),
                        "reshape: expected non-negative lengths and at most one -1, got ", asked(wanted));
    if (shape[i] == -1)
      open = i;
    else
      require<ShapeError>(!__builtin_mul_overflow(known, shape[i], &known), "reshape: shape ", asked(wanted),
                          " is too large");
  }
  if (open >= 0 && known > 0 && from.elements() % known == 0)
    shape[open] = from.elements() / known, known = from.elements();
  require<ShapeError>(wanted.is_set() && known == from.elements() && (open < 0 || shape[open] >= 0),
                      "reshape: cannot reshape ", from, " (", from.elements(), " elements) into ", asked(wanted));
  return shape;
}

struct Reshape final : Op, TakesBFloat16, internal::AddsUpBefore {
  Shape shape;
  std::string_view name() const override { return "reshape"; }
  void fields(FieldVisitor& f) const override { f("shape", shape); }
  Specs infer(const Specs& in) const override { return {{in[0].dtype, resolve(in[0].shape, shape)}}; }
  Tensors gradient(const Backward& b) const override { return {reshape(b.dy(), b.x().shape())}; }
  Kernel plan(const PlanRequest& r) const override { return internal::copy_kernel(r.in[0].bytes()); }
  graph::Traits traits() const override { return {.view = true}; }
};
const bool reshape_registered = graph::register_op<Reshape>();

}  // namespace

Tensor reshape(const Tensor& x, const Shape& shape) {
  auto op = std::make_shared<Reshape>();
  op->shape = resolve(x.shape(), shape);
  if (op->shape == x.shape()) return x;
  return graph::apply1(std::move(op), {x});
}

Tensor expand_dims(const Tensor& x, int axis) {
  const int rank = x.ndim() + 1;
  require<ShapeError>(axis >= -rank && axis < rank, "expand_dims: axis ", axis, " is out of bounds for shape ",
                      x.shape());
  return reshape(x, x.shape().insert(axis < 0 ? axis + rank : axis, 1));
}

Tensor squeeze(const Tensor& x, int axis) {
  axis = internal::normalize("squeeze", axis, x.shape());
  require<ShapeError>(x.shape()[axis] == 1, "squeeze: expected length 1 at axis ", axis, ", got shape ", x.shape());
  return reshape(x, x.shape().erase(axis));
}

Tensor expand_dims(const Tensor& x, const std::vector<int>& axes) {
  const int rank = x.ndim() + static_cast<int>(axes.size());
  std::vector<int> sorted = axes;
  for (int& axis : sorted) {
    require<ShapeError>(axis >= -rank && axis < rank, "expand_dims: axis ", axis, " is out of bounds for ", rank,
                        " axes");
    if (axis < 0) axis += rank;
  }
  std::sort(sorted.begin(), sorted.end());
  require<ShapeError>(std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end(),
                      "expand_dims: an axis is named twice");
  Shape shape = x.shape();
  for (const int axis : sorted) shape = shape.insert(axis, 1);
  return reshape(x, shape);
}

Tensor squeeze(const Tensor& x) {
  Shape rest;
  for (const std::int64_t length : x.shape())
    if (length != 1) rest = rest.append(length);
  return reshape(x, rest);
}

Tensor squeeze(const Tensor& x, const std::vector<int>& axes) {
  std::vector<bool> goes(x.shape().size());
  for (const int axis : axes) {
    const int at = internal::normalize("squeeze", axis, x.shape());
    require<ShapeError>(x.shape()[at] == 1, "squeeze: expected length 1 at axis ", at, ", got shape ", x.shape());
    goes[static_cast<std::size_t>(at)] = true;
  }
  Shape rest;
  for (int axis = 0; axis < x.ndim(); ++axis)
    if (!goes[static_cast<std::size_t>(axis)]) rest = rest.append(x.shape()[axis]);
  return reshape(x, rest);
}

}  // namespace cornu::ops
