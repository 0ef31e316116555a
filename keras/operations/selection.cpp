#include "cornu/keras/operations/selection.h"

#include "cornu/keras/operations/internal/operand.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::operations {
namespace {

const bool selection_registered = [] {
  add({.class_name = "Where",
       .module = kNumpy,
       .parameters = {"condition", "x1", "x2"},
       .keras2 = "where",
       .keras2_names = {"condition", "x", "y"},
       .compute = [](const Arguments& a) {
         return ops::where(ops::cast(a.tensor("condition"), graph::bool_), a.tensor("x1", "x2"), a.tensor("x2", "x1"));
       }});
  add({.class_name = "Tile",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"repeats"},
       .keras2 = "tile",
       .keras2_names = {"input", "multiples"},
       .compute = [](const Arguments& a) { return ops::tile(a.tensor("x"), a.integers("repeats")); }});
  return true;
}();

}  // namespace
}  // namespace cornu::keras::operations

namespace cornu::ops {

using keras::operations::apply;
using keras::operations::Literal;
using keras::operations::internal::argument_of;

KerasTensor where(const KerasTensor& condition, const Operand& a, const Operand& b) {
  return apply("Where", {{"condition", condition}, {"x1", argument_of(a)}, {"x2", argument_of(b)}});
}
KerasTensor tile(const KerasTensor& x, const std::vector<std::int64_t>& repeats) {
  return apply("Tile", {{"x", x}, {"repeats", Literal(repeats)}});
}

}  // namespace cornu::ops
