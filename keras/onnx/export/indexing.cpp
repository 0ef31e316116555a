// Elements by their numbers. ONNX's operators need numbers that are in range; here others are left out of sums.
#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx {
namespace {

using Integers = std::vector<std::int64_t>;

std::string whole_indices(ExportCall& c, int i) {
  return c.spec(i).dtype == graph::int64 ? c.in(i) : c.cast(c.in(i), graph::int64);
}

/// Indices counted from the front; `length`, which there is not, for what is out of range.
std::string counted_from_front(ExportCall& c, const std::string& indices, const std::string& length) {
  const std::string zero = c.constant(Array::scalar(std::int64_t{0}));
  const std::string negative = c.node("Less", {indices, zero});
  const std::string counted = c.node("Where", {negative, c.node("Add", {indices, length}), indices});
  const std::string outside =
      c.node("Or", {c.node("Less", {counted, zero}), c.node("GreaterOrEqual", {counted, length})});
  return c.node("Where", {outside, length, counted});
}

void require_no_zeros(ExportCall& c) {
  if (c.flag("zero_missing")) c.refuse("gives zeros for what is out of range, which ONNX does not");
}

const bool take_written = add_export("take", [](ExportCall& c) {
  require_no_zeros(c);
  c.give(0, c.node("Gather", {c.in(0), whole_indices(c, 1)}, {{"axis", c.integer("axis")}}));
});
const bool take_along_axis_written = add_export("take_along_axis", [](ExportCall& c) {
  require_no_zeros(c);
  c.give(0, c.node("GatherElements", {c.in(0), whole_indices(c, 1)}, {{"axis", c.integer("axis")}}));
});

const bool one_hot_written = add_export("one_hot", [](ExportCall& c) {
  const std::int64_t classes = c.integer("classes");
  const std::string labels = c.node("Unsqueeze", {whole_indices(c, 0), c.list(Integers{-1})});
  const std::string all = c.constant(graph::arange(0, static_cast<double>(classes), 1, graph::int64));
  c.give(0, c.cast(c.node("Equal", {labels, all}), graph::float32));
});

/// Zeros with one more element along an axis, to which updates are added; then that element goes.
std::string added_up(ExportCall& c, std::string indices, const std::string& updates, Lengths shape, int axis) {
  const std::string length = c.node("Squeeze", {c.list(Lengths{shape[static_cast<std::size_t>(axis)]})});
  for (std::int64_t& each : shape[static_cast<std::size_t>(axis)].traced) ++each;
  const std::string zeros = c.node("Expand", {c.number(0, c.out_spec().dtype), c.list(shape)});
  const std::string sums = c.node("ScatterElements", {zeros, indices, updates}, {{"axis", axis}, {"reduction", "add"}});
  return c.node("Slice", {sums, c.list(Integers{0}), c.list(Integers{-1}), c.list(Integers{axis})});
}

const bool scatter_along_axis_written = add_export("scatter_along_axis", [](ExportCall& c) {
  const int axis = c.spec().shape.normalize(static_cast<int>(c.integer("axis")));
  const std::string length = c.node("Squeeze", {c.list(Lengths{c.length("length")})});
  c.give(0, added_up(c, counted_from_front(c, whole_indices(c, 0), length), c.in(1), c.out_shape(), axis));
});

const bool scatter_add_written = add_export("scatter_add", [](ExportCall& c) {
  const Lengths shape = c.out_shape(), indices_shape = c.shape(0), updates = c.shape(1);
  const int axis = c.out_spec().shape.normalize(static_cast<int>(c.integer("axis")));
  const std::string length = c.node("Squeeze", {c.list(Lengths{shape[static_cast<std::size_t>(axis)]})});
  // The axes of the indices become one, and the indices are repeated along all others.
  Length count{Integers(shape[0].traced.size(), 1)};
  for (const Length& each : indices_shape)
    for (std::size_t t = 0; t < count.traced.size(); ++t) count.traced[t] *= each.traced[t];
  Lengths flat = shape, beside(shape.size(), Length{Integers(count.traced.size(), 1)});
  flat[static_cast<std::size_t>(axis)] = beside[static_cast<std::size_t>(axis)] = count;
  const auto changing = [](const Lengths& lengths) {
    return std::count_if(lengths.begin(), lengths.end(), [](const Length& each) { return !each.fixed(); });
  };
  const std::string index = c.reshaped(counted_from_front(c, whole_indices(c, 0), length), beside);
  const std::string rows = changing(flat) <= 1 || c.spec(0).shape.rank() == 1
                               ? c.reshaped(c.in(1), flat)
                               : c.node("Reshape", {c.in(1), c.list(flat)});
  const std::string sizes = c.node("Shape", {rows});
  c.give(0, added_up(c, c.node("Expand", {index, sizes}), rows, shape, axis));
});

const bool last_occurrence_written = add_export("last_occurrence", [](ExportCall& c) {
  const std::string length = c.node("Squeeze", {c.list(Lengths{c.length("length")})});
  const std::string zero = c.constant(Array::scalar(std::int64_t{0})), one = c.constant(Array::scalar(std::int64_t{1}));
  const std::string indices = counted_from_front(c, whole_indices(c, 0), length);
  const std::string places = c.node("Unsqueeze", {c.node("Range", {zero, length, one}), c.list(Integers{1})});
  const std::string count = c.node("Squeeze", {c.node("Shape", {indices})});
  const std::string found =
      c.node("Where", {c.node("Equal", {c.node("Unsqueeze", {indices, c.list(Integers{0})}), places}),
                       c.node("Range", {zero, count, one}), c.constant(Array::scalar(std::int64_t{-1}))});
  c.give(0, c.cast(c.node("ReduceMax", {found, c.list(Integers{1})}, {{"keepdims", 0}}), graph::int32));
});

}  // namespace
}  // namespace cornu::keras::onnx
