#include "cornu/keras/operations/shape.h"

#include "cornu/keras/operations/operation.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::operations {
namespace {

std::vector<int> axes_of(const Arguments& arguments, const std::string& name = "axis") {
  const std::vector<std::int64_t> list = arguments.integers(name);
  return {list.begin(), list.end()};
}

const bool shape_registered = [] {
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

}  // namespace

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
