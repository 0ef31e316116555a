#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::tests {

using graph::Array;
using graph::DType;
using graph::Shape;

/// Double precision numbers of a shape: what plain references of ops are written on.
struct F64 {
  Shape shape;
  std::vector<double> v;

  F64() : F64(Shape{}) {}
  explicit F64(const Shape& s, double fill = 0) : shape(s), v(static_cast<std::size_t>(s.elements()), fill) {}
  F64(const Shape& s, std::vector<double> values) : shape(s), v(std::move(values)) {}
  explicit F64(const Array& a);

  std::int64_t size() const { return static_cast<std::int64_t>(v.size()); }
  double& operator[](std::int64_t i) { return v[i]; }
  double operator[](std::int64_t i) const { return v[i]; }
  /// The element of an index; an axis of length 1 is repeated, missing leading axes too (as broadcasting does).
  double at(std::span<const std::int64_t> index) const { return v[offset(index)]; }
  double& at(std::span<const std::int64_t> index) { return v[offset(index)]; }

 private:
  std::size_t offset(std::span<const std::int64_t> index) const;
};

/// One or several results of a reference.
struct F64s : std::vector<F64> {
  using std::vector<F64>::vector;
  F64s(F64 one) { push_back(std::move(one)); }  // NOLINT: a reference with one output returns just that
};

/// Every index of a shape in row-major order.
void for_each_index(const Shape& shape, const std::function<void(std::span<const std::int64_t>)>& f);
/// Calls f(the positions in x of one line along the axis) for every such line.
void for_each_line(const Shape& shape, int axis, const std::function<void(const std::vector<std::int64_t>&)>& f);
F64 map(const F64& x, const std::function<double(double)>& f);
/// With broadcasting.
F64 zip(const F64& a, const F64& b, const std::function<double(double, double)>& f);
/// Folds the given axes (all if empty); they stay with length 1 if `keep`.
F64 fold(const F64& x, const std::vector<int>& axes, bool keep, double start,
         const std::function<double(double, double)>& f);

/// Numbers for samples, the same in every run.
Array uniform(const Shape& shape, double low = -2, double high = 2, unsigned seed = 1);
Array numbers(const Shape& shape, std::vector<double> values, DType dtype = graph::float32);

}  // namespace cornu::tests
