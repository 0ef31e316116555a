#include "cornu/graph/array/array_make.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/array/internal/runs.h"

namespace cornu::graph {
namespace {

DType common_dtype(std::span<const Array> arrays) {
  DType dtype = arrays[0].dtype();
  for (const Array& a : arrays) dtype = promote(dtype, a.dtype());
  return dtype;
}

}  // namespace

Array empty(const Shape& shape, DType dtype) { return Array(shape, dtype); }

Array zeros(const Shape& shape, DType dtype) {
  Array out(shape, dtype);
  if (out.nbytes()) std::memset(out.bytes(), 0, out.nbytes());
  return out;
}

Array ones(const Shape& shape, DType dtype) { return full(shape, 1, dtype); }

Array full(const Shape& shape, double value, DType dtype) {
  Array out(shape, dtype);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(reinterpret_cast<T*>(out.bytes()), out.size(), internal::convert<T>(value));
  });
  return out;
}

Array arange(double start, double stop, double step, DType dtype) {
  require<ValueError>(step != 0 && std::isfinite(start) && std::isfinite(stop) && std::isfinite(step),
                      "arange: cannot count from ", start, " to ", stop, " by ", step);
  const double count = std::max(0.0, std::ceil((stop - start) / step));
  require<ValueError>(count < 9e15, "arange: ", count, " elements are too many");
  Array out(Shape{static_cast<std::int64_t>(count)}, dtype);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = reinterpret_cast<T*>(out.bytes());
    for (std::int64_t i = 0; i < out.size(); ++i) y[i] = internal::convert<T>(start + static_cast<double>(i) * step);
  });
  return out;
}

Array linspace(double start, double stop, std::int64_t num, bool endpoint, DType dtype) {
  require<ValueError>(num >= 0, "linspace: expected a non-negative number of elements, got ", num);
  Array out(Shape{num}, dtype);
  const auto steps = static_cast<double>(endpoint ? num - 1 : num);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    T* y = reinterpret_cast<T*>(out.bytes());
    for (std::int64_t i = 0; i < num; ++i) {
      const bool last = endpoint && i > 0 && i + 1 == num;  // exactly, without rounding on the way
      y[i] = internal::convert<T>(last     ? stop
                                  : i == 0 ? start
                                           : start + (stop - start) * (static_cast<double>(i) / steps));
    }
  });
  return out;
}

Array eye(std::int64_t rows, std::int64_t columns, DType dtype) {
  if (columns < 0) columns = rows;
  Array out = zeros({rows, columns}, dtype);
  visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < std::min(rows, columns); ++i)
      reinterpret_cast<T*>(out.bytes())[i * columns + i] = T(1);
  });
  return out;
}

Array concatenate(std::span<const Array> arrays, int axis) {
  require<ValueError>(!arrays.empty(), "concatenate needs at least one array");
  require<ShapeError>(arrays[0].ndim() > 0, "concatenate: scalar arrays have no axis; use stack");
  axis = arrays[0].shape().normalize(axis);
  std::int64_t length = 0;
  for (const Array& a : arrays) {
    require<ShapeError>(a.ndim() == arrays[0].ndim() && a.shape().with(axis, 0) == arrays[0].shape().with(axis, 0),
                        "concatenate along axis ", axis, ": shapes ", arrays[0].shape(), " and ", a.shape(),
                        " differ elsewhere");
    length += a.shape()[axis];
  }
  Array out(arrays[0].shape().with(axis, length), common_dtype(arrays));
  const internal::Runs runs(out.shape(), axis);
  const std::size_t width = static_cast<std::size_t>(runs.inner) * size_of(out.dtype()),
                    stride = static_cast<std::size_t>(length) * width;
  std::byte* first = out.bytes();
  for (const Array& a : arrays) {
    const Array x = a.astype(out.dtype());
    const std::size_t run = static_cast<std::size_t>(x.shape()[axis]) * width;
    for (std::size_t i = 0; i < static_cast<std::size_t>(runs.outer); ++i)
      internal::copy_bytes(first + i * stride, x.bytes() + i * run, run);
    first += run;
  }
  return out;
}
Array concatenate(const std::vector<Array>& arrays, int axis) {
  return concatenate(std::span<const Array>(arrays), axis);
}
Array concatenate(std::initializer_list<Array> arrays, int axis) {
  return concatenate(std::span<const Array>(arrays.begin(), arrays.size()), axis);
}

Array stack(std::span<const Array> arrays, int axis) {
  require<ValueError>(!arrays.empty(), "stack needs at least one array");
  const Shape& shape = arrays[0].shape();
  axis = shape.prepend(1).normalize(axis);
  std::vector<Array> raised;
  raised.reserve(arrays.size());
  for (const Array& a : arrays) {
    require<ShapeError>(a.shape() == shape, "stack needs arrays of one shape, got ", shape, " and ", a.shape());
    raised.push_back(a.reshape(shape.insert(axis, 1)));
  }
  return concatenate(raised, axis);
}
Array stack(const std::vector<Array>& arrays, int axis) { return stack(std::span<const Array>(arrays), axis); }
Array stack(std::initializer_list<Array> arrays, int axis) {
  return stack(std::span<const Array>(arrays.begin(), arrays.size()), axis);
}

Array expand_dims(const Array& x, int axis) {
  require<ShapeError>(axis >= -x.ndim() - 1 && axis <= x.ndim(), "expand_dims: axis ", axis,
                      " is out of bounds for a result of ", x.ndim() + 1, " axes (shape ", x.shape(), ")");
  return x.reshape(x.shape().insert(axis < 0 ? axis + x.ndim() + 1 : axis, 1));
}

Array squeeze(const Array& x) {
  Shape shape;
  for (std::int64_t dim : x.shape())
    if (dim != 1) shape = shape.append(dim);
  return x.reshape(shape);
}
Array squeeze(const Array& x, int axis) {
  axis = x.shape().normalize(axis);
  require<ShapeError>(x.shape()[axis] == 1, "squeeze: axis ", axis, " of shape ", x.shape(), " does not have length 1");
  return x.reshape(x.shape().erase(axis));
}

}  // namespace cornu::graph
