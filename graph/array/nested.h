#pragma once

#include <cstdint>

#include "cornu/graph/array/dtype.h"
#include "cornu/graph/array/shape.h"

/// Lists of lists of numbers, of any depth: braces, std::vector, std::array.
namespace cornu::graph::nested {

template <class R>
concept List = requires(const R& list) {
  typename R::value_type;
  list.begin();
  list.end();
  list.size();
};

template <class R>
struct Leaf {
  using type = R;
  static constexpr int depth = 0;
};
template <List R>
struct Leaf<R> {
  using type = typename Leaf<typename R::value_type>::type;
  static constexpr int depth = Leaf<typename R::value_type>::depth + 1;
};
/// The numbers in a list of lists, and how deep they lie.
template <class R>
using leaf_t = typename Leaf<R>::type;
template <class R>
inline constexpr int depth = Leaf<R>::depth;

template <class R>
concept ListOfLists = depth<R>
>= 2 && Element<leaf_t<R>>;

/// The shape as the first list of each depth has it; behind an empty list all lengths are 0.
template <List R>
Shape shape_of(const R& list) {
  Shape shape{static_cast<std::int64_t>(list.size())};
  if constexpr (depth<R> >= 2) {
    const Shape inner = list.size() ? shape_of(*list.begin()) : shape_of(typename R::value_type());
    for (std::int64_t dim : inner) shape = shape.append(dim);
  }
  return shape;
}

/// Writes the numbers one after another and moves `out` behind them. Throws ShapeError if a list does not have the
/// shape's length.
template <List R, class T>
void write(const R& list, const Shape& shape, T*& out, int axis = 0) {
  require<ShapeError>(static_cast<std::int64_t>(list.size()) == shape[axis], "a ragged array: lists of ", shape[axis],
                      " and ", list.size(), " elements along axis ", axis);
  for (const auto& element : list) {
    if constexpr (depth<R> >= 2)
      write(element, shape, out, axis + 1);
    else
      *out++ = element;
  }
}

}  // namespace cornu::graph::nested
