#include "cornu/keras/operations/shape.h"

#include "cornu/keras/operations/operation.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::operations {
namespace {

std::vector<int> axes_of(const Arguments& arguments, const std::string& name = "axis") {
  const std::vector<std::int64_t> list = arguments.integers(name);
  return {list.begin(), list.end()};
}

using Reduce = Tensor (*)(const Tensor&, const std::vector<int>&, ops::KeepDims);

bool add_reduction(const char* class_name, const char* keras2, Reduce reduce) {
  return add({.class_name = class_name,
              .module = kNumpy,
              .parameters = {"x"},
              .config = {"axis", "keepdims"},
              .keras2 = keras2,
              .keras2_names = {"input_tensor", "axis", "keepdims"},
              .compute = [reduce](const Arguments& arguments) {
                const Tensor x = arguments.tensor("x");
                std::vector<int> axes = axes_of(arguments);
                if (arguments.is_none("axis"))
                  for (int axis = 0; axis < x.ndim(); ++axis) axes.push_back(axis);
                return reduce(x, axes, arguments.flag("keepdims", false) ? ops::KeepDims::yes : ops::KeepDims::no);
              }});
}

const bool shape_registered = [] {
  add_reduction("Sum", "math.reduce_sum", ops::sum);
  add_reduction("Mean", "math.reduce_mean", [](const Tensor& x, const std::vector<int>& axes, ops::KeepDims keep) {
    // As Keras: of whole numbers in float32.
    return ops::mean(graph::is_floating(x.dtype()) ? x : ops::cast(x, graph::float32), axes, keep);
  });
  add_reduction("Max", "math.reduce_max", ops::max);
  add_reduction("Min", "math.reduce_min", ops::min);
  add_reduction("Any", "math.reduce_any", ops::any);
  add({.class_name = "Reshape",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"newshape"},
       .keras2 = "reshape",
       .keras2_names = {"tensor", "shape"},
       .compute = [](const Arguments& a) {
         return ops::reshape(a.tensor("x"), graph::Shape(a.integers("newshape")));
       }});
  add({.class_name = "Transpose",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"axes"},
       .keras2 = "transpose",
       .keras2_names = {"a", "perm"},
       .compute = [](const Arguments& a) { return ops::transpose(a.tensor("x"), axes_of(a, "axes")); }});
  add({.class_name = "ExpandDims",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"axis"},
       .keras2 = "expand_dims",
       .keras2_names = {"input", "axis"},
       .compute = [](const Arguments& a) { return ops::expand_dims(a.tensor("x"), axes_of(a).at(0)); }});
  add({.class_name = "Squeeze",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"axis"},
       .keras2 = "squeeze",
       .keras2_names = {"input", "axis"},
       .compute = [](const Arguments& a) { return ops::squeeze(a.tensor("x"), axes_of(a).at(0)); }});
  return true;
}();

}  // namespace
}  // namespace cornu::keras::operations

namespace cornu::ops {
namespace {

using keras::operations::apply;
using keras::operations::Literal;

Literal list_of(const std::vector<int>& numbers) { return std::vector<std::int64_t>(numbers.begin(), numbers.end()); }

KerasTensor reduced(const char* name, const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  const Literal axis = axes.empty() ? Literal() : axes.size() == 1 ? Literal(std::int64_t{axes[0]}) : list_of(axes);
  return apply(name, {{"x", x}, {"axis", axis}, {"keepdims", Literal(keep == KeepDims::yes)}});
}

}  // namespace

KerasTensor sum(const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  return reduced("Sum", x, axes, keep);
}
KerasTensor sum(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Sum", x, {axis}, keep); }
KerasTensor mean(const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  return reduced("Mean", x, axes, keep);
}
KerasTensor mean(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Mean", x, {axis}, keep); }
KerasTensor max(const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  return reduced("Max", x, axes, keep);
}
KerasTensor max(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Max", x, {axis}, keep); }
KerasTensor min(const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  return reduced("Min", x, axes, keep);
}
KerasTensor min(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Min", x, {axis}, keep); }

KerasTensor any(const KerasTensor& x, const std::vector<int>& axes, KeepDims keep) {
  return reduced("Any", x, axes, keep);
}

KerasTensor reshape(const KerasTensor& x, const graph::Shape& shape) {
  return apply("Reshape", {{"x", x}, {"newshape", Literal(std::vector<std::int64_t>(shape.begin(), shape.end()))}});
}
KerasTensor transpose(const KerasTensor& x, const std::vector<int>& axes) {
  return apply("Transpose", {{"x", x}, {"axes", axes.empty() ? Literal() : list_of(axes)}});
}
KerasTensor expand_dims(const KerasTensor& x, int axis) {
  return apply("ExpandDims", {{"x", x}, {"axis", Literal(std::int64_t{axis})}});
}
KerasTensor squeeze(const KerasTensor& x, int axis) {
  return apply("Squeeze", {{"x", x}, {"axis", Literal(std::int64_t{axis})}});
}

}  // namespace cornu::ops
