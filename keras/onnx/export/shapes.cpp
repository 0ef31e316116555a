// The same elements in other shapes and places.
#include <algorithm>
#include <cmath>

#include "cornu/keras/onnx/exporter.h"
#include "cornu/ops/internal/taps.h"

namespace cornu::keras::onnx {
namespace {

using Integers = std::vector<std::int64_t>;

Length one_length(const Length& like, std::int64_t value) { return {Integers(like.traced.size(), value)}; }

const bool reshape_written = add_export("reshape", [](ExportCall& c) { c.give(0, c.reshaped(c.in(), c.out_shape())); });

const bool broadcast_to_written = add_export("broadcast_to", [](ExportCall& c) {
  const bool bools = c.spec().dtype == graph::bool_;
  if (c.out_shape().empty()) return c.give(0, c.in());
  const std::string x = bools ? c.cast(c.in(), graph::int32) : c.in();
  const std::string y = c.node("Expand", {x, c.list(c.out_shape())});
  c.give(0, bools ? c.cast(y, graph::bool_) : y);
});

const bool transpose_written = add_export("transpose", [](ExportCall& c) {
  Integers axes = c.integers("axes");
  if (axes.empty())
    for (int axis = c.spec().shape.rank(); axis-- > 0;) axes.push_back(axis);
  for (std::int64_t& axis : axes)
    if (axis < 0) axis += c.spec().shape.rank();
  c.give(0, c.transposed(c.in(), axes));
});

const bool slice_written = add_export("slice", [](ExportCall& c) {
  const int axis = c.spec().shape.normalize(static_cast<int>(c.integer("axis")));
  const Length start = c.length("start"), stop = c.length("stop");
  // What goes to the end does so whatever the length is.
  const bool to_end = stop.traced == c.shape()[static_cast<std::size_t>(axis)].traced;
  const Length end = to_end ? one_length(stop, INT64_MAX) : stop;
  c.give(0, c.node("Slice", {c.in(), c.list(Lengths{start}), c.list(Lengths{end}), c.list(Integers{axis})}));
});

const bool pad_written = add_export("pad", [](ExportCall& c) {
  const int rank = c.spec().shape.rank(), axis = c.spec().shape.normalize(static_cast<int>(c.integer("axis")));
  Lengths pads(static_cast<std::size_t>(2 * rank), one_length(c.length("before"), 0));
  pads[static_cast<std::size_t>(axis)] = c.length("before");
  pads[static_cast<std::size_t>(axis + rank)] = c.length("after");
  const bool narrow = graph::size_of(c.spec().dtype) == 1;
  const std::string x = narrow ? c.cast(c.in(), graph::int32) : c.in();
  const std::string y = c.node("Pad", {x, c.list(pads)});
  c.give(0, narrow ? c.cast(y, c.spec().dtype) : y);
});

const bool concatenate_written = add_export("concatenate", [](ExportCall& c) {
  std::vector<std::string> parts;
  for (int i = 0; i < c.inputs(); ++i) parts.push_back(c.in(i));
  c.give(0, c.node("Concat", parts, {{"axis", c.integer("axis")}}));
});

// Each point is a weighed sum of others: a product with a matrix, along the last axis.
std::string by_matrix(ExportCall& c, int axis, const ops::internal::Taps& taps, std::int64_t columns) {
  Array matrix = graph::zeros({columns, taps.rows()});
  for (std::int64_t row = 0; row < taps.rows(); ++row)
    for (std::int64_t i = taps.begin[static_cast<std::size_t>(row)]; i < taps.begin[static_cast<std::size_t>(row + 1)];
         ++i)
      matrix.data<float>()[taps.columns[static_cast<std::size_t>(i)] * taps.rows() + row] +=
          taps.weights[static_cast<std::size_t>(i)];
  const int rank = c.spec().shape.rank();
  Integers last;
  for (int i = 0; i < rank; ++i) last.push_back(i);
  std::swap(last[static_cast<std::size_t>(axis)], last.back());
  return c.transposed(c.node("MatMul", {c.transposed(c.in(), last), c.constant(matrix)}), last);
}

const bool resample_written = add_export("resample", [](ExportCall& c) {
  namespace internal = ops::internal;
  const int axis = c.spec().shape.normalize(static_cast<int>(c.integer("axis")));
  const Length from = c.shape()[static_cast<std::size_t>(axis)], to = c.length("length");
  const auto interpolation = internal::interpolation_of("onnx: resample: ", c.text("interpolation"));
  if (from.fixed() && to.fixed()) {
    const std::int64_t in = from.front(), out = to.front();
    const bool antialias = c.flag("antialias");
    return c.give(0, by_matrix(c, axis,
                               c.flag("transposed") ? internal::taps(interpolation, antialias, out, in).transposed(out)
                                                    : internal::taps(interpolation, antialias, in, out),
                               in));
  }
  const bool nearest = interpolation == internal::Interpolation::nearest;
  if (c.flag("transposed") || c.flag("antialias") || (!nearest && interpolation != internal::Interpolation::bilinear))
    c.refuse("resizes lengths that are not known by an interpolation (\"" + c.text("interpolation") +
             "\") which ONNX does not have");
  Lengths sizes = c.shape();
  sizes[static_cast<std::size_t>(axis)] = to;
  c.give(0, c.node("Resize", {c.in(), "", "", c.list(sizes)},
                   {{"mode", nearest ? "nearest" : "linear"},
                    {"coordinate_transformation_mode", "half_pixel"},
                    {"nearest_mode", "round_prefer_ceil"}}));
});

}  // namespace
}  // namespace cornu::keras::onnx
