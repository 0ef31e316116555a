#pragma once

#include <concepts>
#include <cstring>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/array/dtype.h"
#include "cornu/graph/array/nested.h"
#include "cornu/graph/array/scalar.h"
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

/// Data on the host: a dtype, a shape and a shared, contiguous, row-major buffer; what NumPy calls an array.
///
/// Copying an Array shares the buffer, as assigning does in Python; `copy()` duplicates it. `a[i]`, `slice` along the
/// first axis and `reshape` are views of the same buffer. Buffers are aligned to 64 bytes unless they are views.
/// `const` protects the handle, not the elements.
///
///     Array x = train.x.reshape({-1, 784}).astype(float32) / 255;
///     std::cout << x.slice(0, 2) << x.shape();
///
/// Parts are written as NumPy writes them: the value is converted to the dtype and broadcast.
///
///     x[0] = row;                        // a row
///     x.slice(0, 2) = ones({2, 784});    // rows; in NumPy x[0:2]
///     x.slice(0, 784, 2, 1) = 0;         // every other column; in NumPy x[:, 0:784:2]
///     x.at({3, 5}) += 1;                 // an element; x.at<float>({3, 5}) is a float&
///     x[x < 0.5] = 0;                    // where a mask holds
///     x[Array{4, 7}] = row;              // rows by number
///     for (auto row : x) row.assign(0);  // in NumPy row[:] = 0
///
/// Assigning to an Array with a name binds the name to other data, as in Python. A temporary array cannot be assigned
/// to
/// (`x.copy() = y` does not compile), nor can a view with a name (see View).
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
  Array(std::initializer_list<std::initializer_list<T>> list) : Array(nested::shape_of(list), list) {}
  /// And so on, up to five: `Array{{{1, 2}, {3, 4}}}` has shape (1, 2, 2). Throws ShapeError if lists differ in length.
  template <Element T>
  Array(std::initializer_list<std::initializer_list<std::initializer_list<T>>> list)
      : Array(nested::shape_of(list), list) {}
  template <Element T>
  Array(std::initializer_list<std::initializer_list<std::initializer_list<std::initializer_list<T>>>> list)
      : Array(nested::shape_of(list), list) {}
  template <Element T>
  Array(std::initializer_list<
        std::initializer_list<std::initializer_list<std::initializer_list<std::initializer_list<T>>>>>
            list)
      : Array(nested::shape_of(list), list) {}
  /// From a vector of vectors, to any depth. Throws ShapeError if they differ in length.
  template <nested::ListOfLists R>
  explicit Array(const R& list) : Array(nested::shape_of(list), list) {}
  /// Copies the elements of a vector or span (one dimension, or of the given shape).
  template <Element T>
  explicit Array(std::span<const T> values, const Shape& shape = Shape::unset());
  template <Element T>
  requires(!std::is_same_v<T, bool>) explicit Array(const std::vector<T>& values, const Shape& shape = Shape::unset())
      : Array(std::span<const T>(values), shape) {}
  template <std::same_as<bool> T>  // a template, since to look at a std::vector<bool> takes the compiler long
  explicit Array(const std::vector<T>& values) : Array(nested::shape_of(values), values) {}
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
  Array& operator=(const Array&) & = default;
  /// The moved-from array is empty again.
  Array(Array&&) noexcept;
  Array& operator=(Array&&) & noexcept;
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

  class View;       ///< an Array in the memory of another, which can be assigned to
  class Selection;  ///< a copy of elements of another, by assigning to which those are written

  /// Element or sub-array `i` of the first axis; negative counts from the end. Throws ValueError out of bounds.
  template <std::integral I>
  requires(!std::is_same_v<I, bool>) View operator[](I i) const;
  /// The elements where a mask of bools is true, one after another; the mask has the array's shape or its first axes.
  /// Or the sub-arrays of those numbers, which are integers of any shape; negative ones count from the end. Throws
  /// ValueError out of bounds, ShapeError for a mask of another shape, TypeError for other dtypes. NumPy: `a[index]`.
  Selection operator[](const Array& index) const;
  /// The element, or with fewer indices the sub-array, as Python's `a[i, j]`. Throws ValueError out of bounds.
  View at(std::span<const std::int64_t> index) const;
  View at(std::initializer_list<std::int64_t> index) const;
  /// The element itself. Throws TypeError if `T` is not the array's type, ValueError unless there is an index per axis.
  template <Element T>
  T& at(std::initializer_list<std::int64_t> index) const {
    return data<T>()[offset_of(std::span<const std::int64_t>(index.begin(), index.size()))];
  }
  /// Rows [start, stop), as Python's `a[start:stop]`: negative counts from the end, out of range is clipped.
  View slice(std::int64_t start, std::int64_t stop) const;
  /// As Python's `a[..., start:stop:step]` along any axis; read, it is a copy (a view if axis is 0 and step is 1).
  Selection slice(std::int64_t start, std::int64_t stop, std::int64_t step, int axis = 0) const;
  /// The rows of those numbers, as NumPy's `take(axis=0)`; a copy. Throws ValueError out of bounds.
  Array take(std::span<const std::int64_t> rows) const;

  /// Iterates over the first axis, giving views.
  template <class A, class Row>
  class RowIterator;
  using Iterator = RowIterator<Array, View>;
  Iterator begin() const;
  Iterator end() const;

  /// Writes the elements, converted as by astype and broadcast: NumPy's `a[...] = value`. All that share the buffer see
  /// it. Throws ShapeError if the value's shape does not broadcast to this one.
  void assign(const Array& value);
  template <Number T>
  void assign(T value) {
    fill(value);
  }
  /// One number everywhere. Throws ValueError if it does not fit the dtype.
  void fill(Scalar value);

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
  Array& operator+=(const Array&) &;
  Array& operator-=(const Array&) &;
  Array& operator*=(const Array&) &;
  Array& operator/=(const Array&) &;
  Array& operator+=(Scalar) &;
  Array& operator-=(Scalar) &;
  Array& operator*=(Scalar) &;
  Array& operator/=(Scalar) &;

 private:
  Array(std::shared_ptr<std::byte[]> data, const Shape& shape, DType dtype)
      : data_(std::move(data)), shape_(shape), dtype_(dtype) {}
  template <nested::List R>
  Array(const Shape& shape, const R& list) : Array(shape, dtype_of<nested::leaf_t<R>>) {
    auto* out = data<nested::leaf_t<R>>();
    nested::write(list, shape_, out);
  }
  void require_dtype(DType) const;
  Array from(std::int64_t element, const Shape&) const;  // a view that begins with that element
  std::int64_t offset_of(std::span<const std::int64_t> index) const;
  View view(std::int64_t element, const Shape&) const;
  View row(std::int64_t i) const;

  std::shared_ptr<std::byte[]> data_;
  Shape shape_;
  DType dtype_ = float32;
};

template <Element T>
Array::Array(std::span<const T> values, const Shape& shape)
    : Array(shape.is_set() ? shape : Shape{static_cast<std::int64_t>(values.size())}, dtype_of<T>) {
  require<ShapeError>(size() == static_cast<std::int64_t>(values.size()), "an array of shape ", shape_, " needs ",
                      size(), " elements, got ", values.size());
  if (!values.empty()) std::memcpy(bytes(), values.data(), values.size_bytes());
}

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
using graph::Array;
using graph::array_equal;
using graph::Spec;
using graph::Specs;
}  // namespace cornu
