#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "cornu/graph/array/array_type.h"

namespace cornu::graph {

Array empty(const Shape&, DType = float32);
Array zeros(const Shape&, DType = float32);
Array ones(const Shape&, DType = float32);
Array full(const Shape&, double value, DType = float32);
Array arange(double start, double stop, double step = 1, DType = float32);
/// `num` numbers at equal distances from `start` to `stop`, which is the last one unless `endpoint` is false. Throws
/// ValueError for a negative number of them.
Array linspace(double start, double stop, std::int64_t num = 50, bool endpoint = true, DType = float32);
Array eye(std::int64_t rows, std::int64_t columns = -1, DType = float32);

/// Arrays of one shape along a new axis / along an existing one, as NumPy's stack and concatenate. Throws ShapeError.
Array stack(std::span<const Array> arrays, int axis = 0);
Array stack(const std::vector<Array>& arrays, int axis = 0);
Array stack(std::initializer_list<Array> arrays, int axis = 0);
Array concatenate(std::span<const Array> arrays, int axis = 0);
Array concatenate(const std::vector<Array>& arrays, int axis = 0);
Array concatenate(std::initializer_list<Array> arrays, int axis = 0);

/// An axis of length 1 put in, so that it is number `axis` of the result; `-1` puts it last. A view. Throws ShapeError.
Array expand_dims(const Array&, int axis);
/// Without the axes of length 1, or without that one. A view. Throws ShapeError if its length is another.
Array squeeze(const Array&);
Array squeeze(const Array&, int axis);

}  // namespace cornu::graph

namespace cornu {
using graph::arange;
using graph::concatenate;
using graph::empty;
using graph::expand_dims;
using graph::eye;
using graph::full;
using graph::linspace;
using graph::ones;
using graph::squeeze;
using graph::stack;
using graph::zeros;
}  // namespace cornu
