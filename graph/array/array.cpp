#include "cornu/graph/array/array.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <utility>

#include "cornu/graph/array/internal/convert.h"

namespace cornu::graph {
namespace {

struct alignas(64) Line {
  std::byte bytes[64];
};

// The control block and the elements in one allocation.
std::shared_ptr<std::byte[]> allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  std::shared_ptr<Line[]> lines = std::make_shared_for_overwrite<Line[]>((bytes + sizeof(Line) - 1) / sizeof(Line));
  std::byte* first = lines[0].bytes;
  return {std::move(lines), first};
}

void require_countable(const Shape& shape, DType dtype) {
  require<ShapeError>(shape.is_set(), "an array needs a shape");
  std::int64_t left = std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(size_of(dtype));
  bool empty = false;
  for (std::int64_t dim : shape) {
    require<ShapeError>(dim >= 0, "an array needs non-negative lengths, got shape ", shape);
    empty |= dim == 0;
  }
  for (std::int64_t dim : shape) {
    if (empty) break;
    require<ShapeError>(dim <= left, "an array of shape ", shape, " is too large");
    left /= dim;
  }
}

// How reshape's argument was written, where -1 is not yet a known length.
std::string asked(const Shape& shape) {
  std::string text = "(";
  for (std::int64_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

// Elements before, along and after an axis: an array seen as (outer, length, inner).
struct Fold {
  std::int64_t outer = 1, inner = 1;
  Fold(const Shape& shape, int axis) {
    for (int i = 0; i < axis; ++i) outer *= shape[i];
    for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  }
};

DType common_dtype(std::span<const Array> arrays) {
  DType dtype = arrays[0].dtype();
  for (const Array& a : arrays) dtype = promote(dtype, a.dtype());
  return dtype;
}

void copy_bytes(std::byte* to, const std::byte* from, std::size_t n) {
  if (n) std::memcpy(to, from, n);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Spec& spec) { return out << spec.dtype << spec.shape; }

Array::Array() : shape_{0} {}

Array::Array(const Shape& shape, DType dtype) : shape_(shape), dtype_(dtype) {
  require_countable(shape, dtype);
  data_ = allocate(nbytes());
}

Array::Array(Array&& other) noexcept
    : data_(std::move(other.data_)), shape_(std::exchange(other.shape_, Shape{0})), dtype_(other.dtype_) {}

Array& Array::operator=(Array&& other) noexcept {
  data_ = std::move(other.data_);
  dtype_ = other.dtype_;
  if (this != &other) shape_ = std::exchange(other.shape_, Shape{0});
  return *this;
}

Array Array::borrow(void* data, const Spec& spec) {
  require_countable(spec.shape, spec.dtype);
  return Array(std::shared_ptr<std::byte[]>(std::shared_ptr<std::byte[]>(), static_cast<std::byte*>(data)), spec.shape,
               spec.dtype);
}

void Array::require_dtype(DType wanted) const {
  require<TypeError>(dtype_ == wanted, "an array of ", dtype_, " was accessed as ", wanted,
                     "; convert it with astype()");
}

Array Array::at(std::int64_t element, const Shape& shape) const {
  std::byte* first = data_ ? data_.get() + static_cast<std::size_t>(element) * size_of(dtype_) : nullptr;
  return Array(std::shared_ptr<std::byte[]>(data_, first), shape, dtype_);
}

Array Array::copy() const {
  Array out(spec());
  copy_bytes(out.bytes(), bytes(), nbytes());
  return out;
}

Array Array::astype(DType dtype) const {
  if (dtype == dtype_) return *this;
  Array out(shape_, dtype);
  const std::int64_t n = size();
  visit(dtype_, [&](auto from) {
    visit(dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      const From* x = reinterpret_cast<const From*>(bytes());
      To* y = reinterpret_cast<To*>(out.bytes());
      for (std::int64_t i = 0; i < n; ++i) y[i] = internal::convert<To>(x[i]);
    });
  });
  return out;
}

Array Array::reshape(const Shape& wanted) const {
  Shape shape = wanted;
  int open = -1;
  std::int64_t known = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[i] == kUnknown) {
      require<ShapeError>(open < 0, "reshape: only one length can be -1, got ", asked(wanted));
      open = i;
    } else {
      require<ShapeError>(shape[i] >= 0, "reshape: negative length in ", asked(wanted));
      require<ShapeError>(!__builtin_mul_overflow(known, shape[i], &known), "reshape: shape ", asked(wanted),
                          " is too large");
    }
  }
  if (open >= 0 && known > 0 && size() % known == 0) shape[open] = size() / known, known = size();
  require<ShapeError>(wanted.is_set() && known == size() && (open < 0 || shape[open] >= 0),
                      "cannot reshape an array of shape ", shape_, " (", size(), " elements) into shape ",
                      asked(wanted));
  return at(0, shape);
}

Array Array::transpose(std::span<const int> axes) const {
  const int rank = ndim();
  require<ShapeError>(axes.empty() || static_cast<int>(axes.size()) == rank, "transpose: ", axes.size(),
                      " axes given for shape ", shape_);
  std::array<std::int64_t, Shape::kMaxRank> strides{}, step{}, index{};
  for (int i = rank - 1; i >= 0; --i) strides[i] = i == rank - 1 ? 1 : strides[i + 1] * shape_[i + 1];
  Shape shape = shape_;
  unsigned seen = 0;
  for (int i = 0; i < rank; ++i) {
    const int axis = axes.empty() ? rank - 1 - i : shape_.normalize(axes[i]);
    require<ShapeError>(!(seen >> axis & 1u), "transpose: axis ", axis, " is repeated");
    seen |= 1u << axis;
    shape[i] = shape_[axis];
    step[i] = strides[axis];
  }
  Array out(shape, dtype_);
  const std::size_t width = size_of(dtype_);
  const std::int64_t last = rank ? shape[rank - 1] : 1, last_step = rank ? step[rank - 1] : 0;
  std::int64_t from = 0;
  std::byte* to = out.bytes();
  for (std::int64_t left = out.size(); left > 0; left -= last) {
    internal::visit_width(width, [&](auto word) {
      using Word = decltype(word);
      const Word* x = reinterpret_cast<const Word*>(bytes()) + from;
      Word* y = reinterpret_cast<Word*>(to);
      for (std::int64_t i = 0; i < last; ++i) y[i] = x[i * last_step];
    });
    to += static_cast<std::size_t>(last) * width;
    for (int i = rank - 2; i >= 0; --i) {
      from += step[i];
      if (++index[i] < shape[i]) break;
      from -= step[i] * shape[i];
      index[i] = 0;
    }
  }
  return out;
}

Array Array::operator[](std::int64_t i) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be indexed");
  require<ValueError>(i >= -rows() && i < rows(), "index ", i, " is out of bounds for shape ", shape_);
  if (i < 0) i += rows();
  const Shape shape = shape_.drop_front();
  return at(i * shape.elements(), shape);
}

Array Array::slice(std::int64_t start, std::int64_t stop) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be sliced");
  const std::int64_t n = rows();
  start = std::clamp(start < 0 ? start + n : start, std::int64_t{0}, n);
  stop = std::clamp(stop < 0 ? stop + n : stop, start, n);
  return at(start * shape_.drop_front().elements(), shape_.with(0, stop - start));
}

Array Array::slice(std::int64_t start, std::int64_t stop, std::int64_t step, int axis) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be sliced");
  require<ValueError>(step != 0, "slice: step must not be 0");
  axis = shape_.normalize(axis);
  if (axis == 0 && step == 1) return slice(start, stop);
  const std::int64_t n = shape_[axis], lowest = step > 0 ? 0 : -1, highest = step > 0 ? n : n - 1;
  start = std::clamp(start < 0 ? start + n : start, lowest, highest);
  stop = std::clamp(stop < 0 ? stop + n : stop, lowest, highest);
  const std::int64_t distance = step > 0 ? stop - start : start - stop;
  // Dividing by -step would overflow for the smallest number.
  const std::int64_t count = distance <= 0 ? 0 : 1 + (step > 0 ? (distance - 1) / step : -((distance - 1) / step));
  Array out(shape_.with(axis, count), dtype_);
  const Fold fold(shape_, axis);
  const std::size_t run = static_cast<std::size_t>(fold.inner) * size_of(dtype_);
  std::byte* to = out.bytes();
  for (std::int64_t i = 0; i < fold.outer; ++i)
    for (std::int64_t k = 0; k < count; ++k, to += run)
      copy_bytes(to, bytes() + static_cast<std::size_t>(i * n + start + k * step) * run, run);
  return out;
}

Array Array::take(std::span<const std::int64_t> rows) const {
  require<ValueError>(ndim() > 0, "take: a scalar array has no rows");
  Array out(shape_.with(0, static_cast<std::int64_t>(rows.size())), dtype_);
  const std::size_t run = static_cast<std::size_t>(shape_.drop_front().elements()) * size_of(dtype_);
  const std::int64_t n = shape_[0];
  std::byte* to = out.bytes();
  for (std::int64_t row : rows) {
    require<ValueError>(row >= -n && row < n, "take: index ", row, " is out of bounds for shape ", shape_);
    copy_bytes(to, bytes() + static_cast<std::size_t>(row < 0 ? row + n : row) * run, run);
    to += run;
  }
  return out;
}

Array::Iterator Array::begin() const {
  require<ValueError>(ndim() > 0, "cannot iterate over a scalar array");
  return {*this, 0};
}
Array::Iterator Array::end() const { return {*this, rows()}; }

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
  const Fold fold(out.shape(), axis);
  const std::size_t width = static_cast<std::size_t>(fold.inner) * size_of(out.dtype()),
                    stride = static_cast<std::size_t>(length) * width;
  std::byte* first = out.bytes();
  for (const Array& a : arrays) {
    const Array x = a.astype(out.dtype());
    const std::size_t run = static_cast<std::size_t>(x.shape()[axis]) * width;
    for (std::size_t i = 0; i < static_cast<std::size_t>(fold.outer); ++i)
      copy_bytes(first + i * stride, x.bytes() + i * run, run);
    first += run;
  }
  return out;
}
Array concatenate(const std::vector<Array>& arrays, int axis) {
  return concatenate(std::span<const Array>(arrays), axis);
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

}  // namespace cornu::graph
