#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "cornu/graph/array/array_type.h"

namespace cornu::graph {

/// An Array that lies in the memory of another. Assigned to where it is made it writes: `x[0] = row`, `x[0] = 1`.
///
/// With a name it is not assigned to (this does not compile): in Python `row = other` would bind the name to other
/// data, in C++ one expects that it writes. Say which: `row.assign(other)` writes, `Array row = x[0]` makes a name that
/// can be bound anew. `row += 1` writes, as in NumPy.
class Array::View : public Array {
 public:
  View(const View&) = default;

  View& operator=(const View&) & = delete;  // write row.assign(value), or declare it as Array
  void operator=(const Array&) & = delete;  // write row.assign(value), or declare it as Array
  template <Number T>
  void operator=(T) & = delete;  // write row.assign(value)
  Array operator=(const View& value) && { return assign(value), *this; }
  Array operator=(const Array& value) && { return assign(value), *this; }
  template <Number T>
  Array operator=(T value) && {
    return fill(value), *this;
  }

  using Array::operator+=;
  using Array::operator-=;
  using Array::operator*=;
  using Array::operator/=;
  Array operator+=(const Array& b) && { return array() += b; }
  Array operator-=(const Array& b) && { return array() -= b; }
  Array operator*=(const Array& b) && { return array() *= b; }
  Array operator/=(const Array& b) && { return array() /= b; }
  Array operator+=(Scalar b) && { return array() += b; }
  Array operator-=(Scalar b) && { return array() -= b; }
  Array operator*=(Scalar b) && { return array() *= b; }
  Array operator/=(Scalar b) && { return array() /= b; }

 private:
  friend class Array;
  View(std::shared_ptr<std::byte[]> data, const Shape& shape, DType dtype) : Array(std::move(data), shape, dtype) {}
  Array& array() { return *this; }
};

/// A copy of elements that do not lie side by side: of a slice with a step or along another axis than the first, where
/// a mask holds, of rows by number. Assigned to where it is made it writes the elements it was copied from:
///
///     x[x < 0] = 0;
///     x.slice(0, 8, 2) += 1;
///
/// With a name (`auto s = x[x < 0]`) it can be read only, as all its parts can: anything else does not compile. Declare
/// it as Array to have a copy of your own. (NumPy: of a mask, too, a copy; of a slice a view.)
class Array::Selection : public Array {
 public:
  Selection(const Selection&) = default;

  Selection& operator=(const Selection&) & = delete;  // declare it as Array
  void operator=(const Array&) & = delete;            // declare it as Array
  template <Number T>
  void operator=(T) & = delete;  // declare it as Array
  Array operator=(const Selection& value) && { return write(value); }
  Array operator=(const Array& value) && { return write(value); }
  template <Number T>
  Array operator=(T value) && {
    return array().fill(value), write(*this);
  }
  Array operator+=(const Array& b) && { return write(array() += b); }
  Array operator-=(const Array& b) && { return write(array() -= b); }
  Array operator*=(const Array& b) && { return write(array() *= b); }
  Array operator/=(const Array& b) && { return write(array() /= b); }
  Array operator+=(Scalar b) && { return write(array() += b); }
  Array operator-=(Scalar b) && { return write(array() -= b); }
  Array operator*=(Scalar b) && { return write(array() *= b); }
  Array operator/=(Scalar b) && { return write(array() /= b); }
  template <class T>
  void assign(const T&) = delete;  // write x.slice(...) = value, or declare it as Array
  void fill(Scalar) = delete;      // write x.slice(...) = value, or declare it as Array

  template <std::integral I>
  requires(!std::is_same_v<I, bool>) const Selection operator[](I i) const { return Selection(Array::row(i)); }
  const Selection operator[](const Array& index) const { return Selection(Array::operator[](index)); }
  const Selection at(std::span<const std::int64_t> index) const;
  const Selection at(std::initializer_list<std::int64_t> index) const;
  template <Element T>
  const T& at(std::initializer_list<std::int64_t> index) const {
    return Array::at<T>(index);
  }
  const Selection slice(std::int64_t start, std::int64_t stop) const;
  const Selection slice(std::int64_t start, std::int64_t stop, std::int64_t step, int axis = 0) const;
  using Iterator = RowIterator<Selection, const Selection>;
  Iterator begin() const;
  Iterator end() const;

 private:
  friend class Array;
  struct Origin;  // where the elements were copied from
  Selection(Origin origin, const Shape& shape);
  explicit Selection(Array elements) : Array(std::move(elements)) {}
  Array write(const Array& value);
  Array& array() { return *this; }

  std::shared_ptr<const Origin> origin_;  // null if the elements are no copy
};

template <class A, class Row>
class Array::RowIterator {
 public:
  using value_type = Array;
  using difference_type = std::ptrdiff_t;
  RowIterator() = default;
  RowIterator(const A& array, std::int64_t i) : array_(array), i_(i) {}
  Row operator*() const { return array_[i_]; }
  RowIterator& operator++() {
    ++i_;
    return *this;
  }
  RowIterator operator++(int) {
    RowIterator old = *this;
    ++i_;
    return old;
  }
  friend bool operator==(const RowIterator& a, const RowIterator& b) { return a.i_ == b.i_; }

 private:
  A array_;
  std::int64_t i_ = 0;
};

template <std::integral I>
requires(!std::is_same_v<I, bool>) Array::View Array::operator[](I i) const {
  return row(static_cast<std::int64_t>(i));
}
inline Array::View Array::at(std::initializer_list<std::int64_t> index) const {
  return at(std::span<const std::int64_t>(index.begin(), index.size()));
}

}  // namespace cornu::graph
