#pragma once

#include <concepts>
#include <type_traits>

namespace cornu::ops::internal {

template <class T>
struct WrappingOf {
  using type = T;
};
template <std::integral T>
struct WrappingOf<T> {
  using type = std::common_type_t<std::make_unsigned_t<T>, unsigned>;
};

/// The type in which sums and products of T are computed so that integers wrap, as NumPy's do: overflow of signed ones
/// is undefined in C++. Floating numbers stay what they are.
template <class T>
using Wrapping = typename WrappingOf<T>::type;

}  // namespace cornu::ops::internal
