#pragma once

#include <cstring>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/array/dtype.h"
#include "cornu/graph/array/shape.h"

namespace cornu::graph {

/// A dtype and a shape: what an array, or one output of an op, is like.
struct Spec {
  DType dtype = float32;
  Shape shape;
  std::size_t bytes() const { return static_cast<std::size_t>(shape.elements()) * size_of(dtype); }
  friend bool operator==(const Spec&, const Spec&) = default;
};
using Specs = std::vector<Spec>;
std::ostream& operator<<(std::ostream&, const Spec&);

/// A number in an array expression: weak in NumPy 2's sense (an integer takes any numeric dtype, a floating one any
/// floating dtype).
struct Scalar {
  template <class T>
  requires std::is_arithmetic_v<T> Scalar(T v)  // NOLINT: converts like a number
      : kind(std::is_same_v<T, bool>       ? DType::bool_
             : std::is_floating_point_v<T> ? DType::float64
                                           : DType::int64),
        value(static_cast<double>(v)) {
    if constexpr (!std::is_floating_point_v<T>) {
      if constexpr (std::is_unsigned_v<T> && sizeof(T) == 8)
        require<ValueError>(v >> 63 == 0, "the number ", v, " is out of bounds for int64");
      integer = static_cast<std::int64_t>(v);
    }
  }
  DType kind;  ///< bool, int64 or float64, as Python's bool, int and float
  double value;
  std::int64_t integer = 0;  ///< the exact value unless floating
};

/// Data on the host: a dtype, a shape and a shared, contiguous, row-major buffer; what NumPy calls an array.
///
/// Copying an Array shares the buffer, as assigning does in Python; `copy()` duplicates it. `a[i]`, `slice` along the
/// first axis and `reshape` are views of the same buffer. Buffers are aligned to 64 bytes unless they are views.
///
///     Array x = train.x.reshape({-1, 784}).astype(float32) / 255;
///     std::cout << x.slice(0, 2) << x.shape();
///
/// Arithmetic follows NumPy 2: dtypes promote by `promote`, numbers are weak (`uint8_array + 1` stays uint8, `/` gives
/// a floating dtype), shapes broadcast. An operator on an rvalue that holds the only reference reuses its buffer.
class Array {
 public:
  /// An empty float32 array of shape (0,).
  Array();
  /// Uninitialised elements. (`Array({2, 3})` is an array of two numbers, as in NumPy: write `Array(Shape{2, 3})` or
  /// `empty({2, 3})`.)
  explicit Array(const Shape& shape, DType dtype = float32);
  explicit Array(const Spec& spec) : Array(spec.shape, spec.dtype) {}
  /// One dimension: `Array{1.f, 2.f}` (float32), `Array{1, 2}` (int32). Double braces give two dimensions.
  template <Element T>
  Array(std::initializer_list<T> values) : Array(std::span<const T>(values.begin(), values.size())) {}
  template <Element T>
  Array(std::initializer_list<std::initializer_list<T>> rows);
  /// Copies the elements of a vector or span (one dimension, or of the given shape).
  template <Element T>
  explicit Array(std::span<const T> values, const Shape& shape = Shape::unset());
  template <Element T>
  requires(!std::is_same_v<T, bool>) explicit Array(const std::vector<T>& values, const Shape& shape = Shape::unset())
      : Array(std::span<const T>(values), shape) {}
  /// A scalar (shape `()`).
  template <Element T>
  static Array scalar(T value) {
    Array a(Shape{}, dtype_of<T>);
    *a.data<T>() = value;
    return a;
  }
  /// An array over memory of the caller's, which must outlive it and all its views.
  static Array borrow(void* data, const Spec& spec);

  Array(const Array&) = default;
  Array& operator=(const Array&) = default;
  /// The moved-from array is empty again.
  Array(Array&&) noexcept;
  Array& operator=(Array&&) noexcept;
  ~Array() = default;

  const Shape& shape() const { return shape_; }
  DType dtype() const { return dtype_; }
  Spec spec() const { return {dtype_, shape_}; }
  int ndim() const { return shape_.rank(); }
  std::int64_t size() const { return shape_.elements(); }  ///< number of elements, as in NumPy
  std::size_t nbytes() const { return static_cast<std::size_t>(size()) * size_of(dtype_); }
  std::int64_t rows() const {
    return shape_.empty() ? 1 : shape_.front();
  }  ///< length of the first axis (len() in Python)

  /// The elements; throws TypeError if `T` is not the array's type. Writing is seen by all that share the buffer.
  template <Element T>
  T* data() const {
    require_dtype(dtype_of<T>);
    return reinterpret_cast<T*>(bytes());
  }
  template <Element T>
  std::span<T> span() const {
    return {data<T>(), static_cast<std::size_t>(size())};
  }
  std::byte* bytes() const { return data_.get(); }
  /// True if nobody else holds this buffer.
  bool unique() const { return data_.use_count() == 1; }

  /// The value of an array with one element, converted to T. Throws ValueError otherwise.
  template <class T>
  T item() const {
    require<ValueError>(size() == 1, "item() needs an array of one element, got shape ", shape_);
    return visit(dtype_, [&](auto zero) { return static_cast<T>(*reinterpret_cast<decltype(zero)*>(bytes())); });
  }

  Array copy() const;
  /// Converted elements, as NumPy's astype (float to integer truncates towards zero). Shares the buffer if nothing
  /// changes.
  Array astype(DType) const;
  /// One length may be -1. Shares the buffer. Throws ShapeError if the number of elements differs.
  Array reshape(const Shape&) const;
  Array flatten() const { return reshape({-1}); }
  /// Axes permuted (reversed without an argument); a copy.
  Array transpose(std::span<const int> axes = {}) const;
  Array transpose(std::initializer_list<int> axes) const {
    return transpose(std::span<const int>(axes.begin(), axes.size()));
  }

  /// Element or sub-array `i` of the first axis; negative counts from the end. A view. Throws ValueError out of bounds.
  Array operator[](std::int64_t i) const;
  /// Rows [start, stop), as Python's `a[start:stop]`: negative counts from the end, out of range is clipped. A view.
  Array slice(std::int64_t start, std::int64_t stop) const;
  /// As Python's `a[..., start:stop:step]` along any axis; a copy unless axis is 0 and step is 1.
  Array slice(std::int64_t start, std::int64_t stop, std::int64_t step, int axis = 0) const;
  /// The rows of those numbers, as NumPy's `take(axis=0)`; a copy. Throws ValueError out of bounds.
  Array take(std::span<const std::int64_t> rows) const;

  /// Iterates over the first axis, giving views.
  class Iterator;
  Iterator begin() const;
  Iterator end() const;

  // Arithmetic, elementwise, with broadcasting; friends, so that they are looked at only where an Array is involved. By
  // value: a moved-in array that nobody shares lends its buffer to the result. Throws ShapeError if the shapes do not
  // broadcast, ValueError if a number does not fit the dtype (`uint8_array + 300`), TypeError for bool - bool and
  // -bool.
  friend Array operator+(Array a, Array b);
  friend Array operator-(Array a, Array b);
  friend Array operator*(Array a, Array b);
  friend Array operator/(Array a, Array b);
  friend Array operator+(Array a, Scalar b);
  friend Array operator-(Array a, Scalar b);
  friend Array operator*(Array a, Scalar b);
  friend Array operator/(Array a, Scalar b);
  friend Array operator+(Scalar a, Array b);
  friend Array operator-(Scalar a, Array b);
  friend Array operator*(Scalar a, Array b);
  friend Array operator/(Scalar a, Array b);
  friend Array operator-(Array a);
  // Comparisons give bool arrays; for one bool use array_equal.
  friend Array operator==(const Array& a, const Array& b);
  friend Array operator!=(const Array& a, const Array& b);
  friend Array operator<(const Array& a, const Array& b);
  friend Array operator<=(const Array& a, const Array& b);
  friend Array operator>(const Array& a, const Array& b);
  friend Array operator>=(const Array& a, const Array& b);
  friend Array operator==(const Array& a, Scalar b);
  friend Array operator!=(const Array& a, Scalar b);
  friend Array operator<(const Array& a, Scalar b);
  friend Array operator<=(const Array& a, Scalar b);
  friend Array operator>(const Array& a, Scalar b);
  friend Array operator>=(const Array& a, Scalar b);
  friend Array operator==(Scalar a, const Array& b);
  friend Array operator!=(Scalar a, const Array& b);
  friend Array operator<(Scalar a, const Array& b);
  friend Array operator<=(Scalar a, const Array& b);
  friend Array operator>(Scalar a, const Array& b);
  friend Array operator>=(Scalar a, const Array& b);

  /// Changes the buffer, which all that share it see. Throws TypeError if the result does not fit the dtype (`int32 +=
  /// float`), ShapeError if it does not have this shape.
  Array& operator+=(const Array&);
  Array& operator-=(const Array&);
  Array& operator*=(const Array&);
  Array& operator/=(const Array&);
  Array& operator+=(Scalar);
  Array& operator-=(Scalar);
  Array& operator*=(Scalar);
  Array& operator/=(Scalar);

 private:
  Array(std::shared_ptr<std::byte[]> data, const Shape& shape, DType dtype)
      : data_(std::move(data)), shape_(shape), dtype_(dtype) {}
  void require_dtype(DType) const;
  Array at(std::int64_t element, const Shape&) const;  // a view that begins with that element

  std::shared_ptr<std::byte[]> data_;
  Shape shape_;
  DType dtype_ = float32;
};

class Array::Iterator {
 public:
  using value_type = Array;
  using difference_type = std::ptrdiff_t;
  Iterator() = default;
  Iterator(Array array, std::int64_t i) : array_(std::move(array)), i_(i) {}
  Array operator*() const { return array_[i_]; }
  Iterator& operator++() {
    ++i_;
    return *this;
  }
  Iterator operator++(int) {
    Iterator old = *this;
    ++i_;
    return old;
  }
  friend bool operator==(const Iterator& a, const Iterator& b) { return a.i_ == b.i_; }

 private:
  Array array_;
  std::int64_t i_ = 0;
};

template <Element T>
Array::Array(std::span<const T> values, const Shape& shape)
    : Array(shape.is_set() ? shape : Shape{static_cast<std::int64_t>(values.size())}, dtype_of<T>) {
  require<ShapeError>(size() == static_cast<std::int64_t>(values.size()), "an array of shape ", shape_, " needs ",
                      size(), " elements, got ", values.size());
  if (!values.empty()) std::memcpy(bytes(), values.data(), values.size_bytes());
}

template <Element T>
Array::Array(std::initializer_list<std::initializer_list<T>> rows)
    : Array(Shape{static_cast<std::int64_t>(rows.size()),
                  static_cast<std::int64_t>(rows.size() ? rows.begin()->size() : 0)},
            dtype_of<T>) {
  T* out = data<T>();
  for (const auto& row : rows) {
    require<ShapeError>(static_cast<std::int64_t>(row.size()) == shape_[1], "rows of ", shape_[1], " and ", row.size(),
                        " elements in one array");
    for (const T& value : row) *out++ = value;
  }
}

Array empty(const Shape&, DType = float32);
Array zeros(const Shape&, DType = float32);
Array ones(const Shape&, DType = float32);
Array full(const Shape&, double value, DType = float32);
Array arange(double start, double stop, double step = 1, DType = float32);
Array eye(std::int64_t rows, std::int64_t columns = -1, DType = float32);

/// Arrays of one shape along a new axis / along an existing one, as NumPy's stack and concatenate. Throws ShapeError.
Array stack(std::span<const Array> arrays, int axis = 0);
Array stack(const std::vector<Array>& arrays, int axis = 0);
Array concatenate(std::span<const Array> arrays, int axis = 0);
Array concatenate(const std::vector<Array>& arrays, int axis = 0);

/// Index of the largest element (the first of equals; a NaN is the largest, as in NumPy) of all, as an int64 scalar
/// that prints as `7`; or along one axis. Throws ValueError if empty.
Array argmax(const Array&);
Array argmax(const Array&, int axis);
Array argmin(const Array&);
Array argmin(const Array&, int axis);
/// Of all elements, or along one axis. Floating dtypes stay (float32 is added up in double); integers and bools are
/// summed in int64. max and min of nothing throw ValueError; a NaN wins.
Array sum(const Array&);
Array sum(const Array&, int axis);
Array mean(const Array&);  ///< of integers: float64
Array mean(const Array&, int axis);
Array max(const Array&);
Array max(const Array&, int axis);
Array min(const Array&);
Array min(const Array&, int axis);
Array abs(Array);
Array sqrt(Array);                             ///< of integers: float64
Array matmul(const Array& a, const Array& b);  ///< 2-D; a plain loop, for small checks. Throws ShapeError.

/// Same shape and dtype-promoted equal elements, as NumPy's array_equal (NaN differs from NaN).
bool array_equal(const Array& a, const Array& b);
/// |a - b| <= atol + rtol * |b| everywhere (shapes broadcast), as NumPy's allclose.
bool allclose(const Array& a, const Array& b, double rtol = 1e-5, double atol = 1e-8);

/// As the `str` of NumPy 2.4: `[[1. 2.]\n [3. 4.]]`, precision 8, shortened with `...` above 1000 elements, line
/// width 75.
std::string to_string(const Array&);
std::ostream& operator<<(std::ostream&, const Array&);

}  // namespace cornu::graph

namespace cornu {
using graph::allclose;
using graph::arange;
using graph::argmax;
using graph::argmin;
using graph::Array;
using graph::array_equal;
using graph::concatenate;
using graph::empty;
using graph::eye;
using graph::full;
using graph::ones;
using graph::Spec;
using graph::Specs;
using graph::stack;
using graph::zeros;
}  // namespace cornu
