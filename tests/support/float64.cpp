#include "tests/support/float64.h"

#include <algorithm>
#include <random>

namespace cornu::tests {

F64::F64(const Array& a) : shape(a.shape()) {
  const Array wide = a.astype(graph::float64);
  const auto s = wide.span<double>();
  v.assign(s.begin(), s.end());
}

std::size_t F64::offset(std::span<const std::int64_t> index) const {
  std::size_t at = 0;
  const std::size_t skip = index.size() - shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i) at = at * shape[i] + (shape[i] == 1 ? 0 : index[skip + i]);
  return at;
}

void for_each_index(const Shape& shape, const std::function<void(std::span<const std::int64_t>)>& f) {
  std::vector<std::int64_t> index(shape.size(), 0);
  for (std::int64_t n = shape.elements(); n > 0; --n) {
    f(index);
    for (int axis = shape.rank() - 1; axis >= 0 && ++index[axis] == shape[axis]; --axis) index[axis] = 0;
  }
}

void for_each_line(const Shape& shape, int axis, const std::function<void(const std::vector<std::int64_t>&)>& f) {
  axis = shape.normalize(axis);
  std::int64_t inner = 1;
  for (int i = axis + 1; i < shape.rank(); ++i) inner *= shape[i];
  for (std::int64_t start = 0; start < shape.elements(); ++start) {
    if (start / inner % shape[axis] != 0) continue;
    std::vector<std::int64_t> line(shape[axis]);
    for (std::int64_t k = 0; k < shape[axis]; ++k) line[k] = start + k * inner;
    f(line);
  }
}

F64 map(const F64& x, const std::function<double(double)>& f) {
  F64 y(x.shape);
  std::transform(x.v.begin(), x.v.end(), y.v.begin(), f);
  return y;
}

F64 zip(const F64& a, const F64& b, const std::function<double(double, double)>& f) {
  F64 y(graph::broadcast(a.shape, b.shape));
  for_each_index(y.shape, [&](auto i) { y.at(i) = f(a.at(i), b.at(i)); });
  return y;
}

F64 fold(const F64& x, const std::vector<int>& axes, bool keep, double start,
         const std::function<double(double, double)>& f) {
  Shape kept = x.shape;
  for (int axis = 0; axis < x.shape.rank(); ++axis) {
    const auto is_axis = [&](int a) { return x.shape.normalize(a) == axis; };
    if (axes.empty() || std::any_of(axes.begin(), axes.end(), is_axis)) kept[axis] = 1;
  }
  F64 y(kept, start);
  for_each_index(x.shape, [&](auto i) { y.at(i) = f(y.at(i), x.at(i)); });
  if (keep) return y;
  std::vector<std::int64_t> dims;
  for (int axis = 0; axis < x.shape.rank(); ++axis) {
    const auto is_axis = [&](int a) { return x.shape.normalize(a) == axis; };
    if (!axes.empty() && std::none_of(axes.begin(), axes.end(), is_axis)) dims.push_back(x.shape[axis]);
  }
  y.shape = Shape(dims);
  return y;
}

Array uniform(const Shape& shape, double low, double high, unsigned seed) {
  std::mt19937 bits(seed);
  Array a(shape);
  for (float& x : a.span<float>()) x = static_cast<float>(low + (high - low) * (bits() / 4294967296.0));
  return a;
}

Array numbers(const Shape& shape, std::vector<double> values, DType dtype) {
  return Array(std::span<const double>(values), shape).astype(dtype);
}

}  // namespace cornu::tests
