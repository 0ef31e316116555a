#include "cornu/graph/array/shape.h"

#include <algorithm>
#include <ostream>

namespace cornu::graph {

Shape::Shape(std::span<const std::int64_t> dims) : rank_(static_cast<int>(dims.size())) {
  require<ShapeError>(dims.size() <= kMaxRank, "a shape has at most ", kMaxRank, " axes, got ", dims.size());
  std::copy(dims.begin(), dims.end(), dims_.begin());
}

std::int64_t Shape::elements() const {
  std::int64_t n = 1;
  for (std::int64_t dim : *this)
    require<ShapeError>(!__builtin_mul_overflow(n, dim, &n), "shape ", *this, " has more elements than can be counted");
  return n;
}

bool Shape::is_static() const {
  return std::none_of(begin(), end(), [](std::int64_t dim) { return dim == kUnknown; });
}

int Shape::normalize(int axis) const {
  require<ShapeError>(axis >= -rank() && axis < rank(), "axis ", axis, " is out of bounds for shape ", *this);
  return axis < 0 ? axis + rank() : axis;
}

Shape Shape::prepend(std::int64_t dim) const { return insert(0, dim); }
Shape Shape::append(std::int64_t dim) const { return insert(rank(), dim); }
Shape Shape::drop_front(int n) const { return Shape(std::span(begin() + std::min(n, rank()), end())); }
Shape Shape::drop_back(int n) const { return Shape(std::span(begin(), end() - std::min(n, rank()))); }

Shape Shape::with(int axis, std::int64_t dim) const {
  Shape s = *this;
  s.dims_[s.normalize(axis)] = dim;
  return s;
}

Shape Shape::insert(int axis, std::int64_t dim) const {
  require<ShapeError>(axis >= 0 && axis <= rank(), "an axis cannot be inserted at ", axis, " into shape ", *this);
  std::vector<std::int64_t> dims(begin(), end());
  dims.insert(dims.begin() + axis, dim);
  return Shape(dims);
}

Shape Shape::erase(int axis) const {
  std::vector<std::int64_t> dims(begin(), end());
  dims.erase(dims.begin() + normalize(axis));
  return Shape(dims);
}

Shape broadcast(const Shape& a, const Shape& b, std::string_view who) {
  const int rank = std::max(a.rank(), b.rank());
  Shape out(std::vector<std::int64_t>(rank, 1));
  for (int i = 1; i <= rank; ++i) {
    const std::int64_t da = i <= a.rank() ? a[a.rank() - i] : 1, db = i <= b.rank() ? b[b.rank() - i] : 1;
    require<ShapeError>(da == db || da == 1 || db == 1, who, ": shapes ", a, " and ", b, " do not broadcast together");
    out[rank - i] = da == 1 ? db : da;
  }
  return out;
}

std::string to_string(const Shape& shape) {
  if (!shape.is_set()) return "unset";
  std::string text = "(";
  for (int i = 0; i < shape.rank(); ++i) {
    if (i) text += ", ";
    text += shape[i] == kUnknown ? "None" : std::to_string(shape[i]);
  }
  return text + (shape.rank() == 1 ? ",)" : ")");
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << to_string(shape); }

}  // namespace cornu::graph
