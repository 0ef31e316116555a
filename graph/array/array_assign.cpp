#include <algorithm>
#include <cmath>
#include <cstring>

#include "cornu/graph/array/array_view.h"
#include "cornu/graph/array/internal/elementwise.h"

namespace cornu::graph {
namespace {

// As in Python an integer must fit, and a floating number that becomes one must after its fraction is cut off.
void require_fits(const Scalar& s, DType dtype) {
  if (s.kind != DType::float64 || !is_integer(dtype))
    return require<ValueError>(internal::fits(s, dtype), "the number ", s.integer, " is out of bounds for ", dtype);
  const double whole = std::trunc(s.value);
  require<ValueError>(std::isfinite(whole), "the number ", s.value, " cannot become ", dtype);
  const bool in_int64 = whole >= -0x1p63 && whole < 0x1p63;
  require<ValueError>(in_int64 && internal::fits(static_cast<std::int64_t>(whole), dtype), "the number ", s.value,
                      " is out of bounds for ", dtype);
}

}  // namespace

void Array::fill(Scalar value) {
  require_fits(value, dtype_);
  visit(dtype_, [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(reinterpret_cast<T*>(bytes()), size(), internal::element<T>(value));
  });
}

void Array::assign(const Array& value) {
  Shape shape = value.shape();
  while (shape.rank() > ndim() && shape.front() == 1) shape = shape.drop_front();
  bool fits = shape.rank() <= ndim();
  for (int i = 1; fits && i <= shape.rank(); ++i) {
    const std::int64_t n = shape[shape.rank() - i];
    fits = n == 1 || n == shape_[ndim() - i];
  }
  require<ShapeError>(fits, "elements of shape ", shape_, " cannot be written from an array of shape ", value.shape());
  Array x = value.astype(dtype_);
  if (size() == 0) return;
  if (shape == shape_) {
    std::memmove(bytes(), x.bytes(), nbytes());
    return;
  }
  if (x.bytes() < bytes() + nbytes() && bytes() < x.bytes() + x.nbytes()) x = x.copy();
  const internal::Walk walk(shape, shape, shape_);
  internal::visit_width(size_of(dtype_), [&](auto word) {
    using Word = decltype(word);
    const Word* from = internal::elements<Word>(x);
    internal::combine(walk, from, from, reinterpret_cast<Word*>(bytes()), size(), [](Word a, Word) { return a; });
  });
}

}  // namespace cornu::graph
