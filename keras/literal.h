#pragma once

#include <cstddef>

namespace cornu::keras {

/// A text as an argument of a template: `LossConfig<"mean_squared_error">`.
template <std::size_t N>
struct Literal {
  char text[N];
  constexpr Literal(const char (&literal)[N]) {  // NOLINT: from a literal
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
};

}  // namespace cornu::keras
