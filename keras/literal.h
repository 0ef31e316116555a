#pragma once

#include <algorithm>
#include <cstddef>

namespace cornu::keras {

/// A text as an argument of a template: `LossConfig<"mean_squared_error">`.
template <std::size_t N>
struct Literal {
  char text[N];
  constexpr Literal(const char (&literal)[N]) { std::copy_n(literal, N, text); }  // NOLINT: from a literal
};

}  // namespace cornu::keras
