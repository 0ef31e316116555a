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
  /// Letter by letter: g++ 12 with -fsanitize=undefined takes no search of std::string_view for a constant.
  template <std::size_t M>
  constexpr bool contains(const char (&part)[M]) const {
    for (std::size_t begin = 0; begin + M <= N; ++begin) {
      std::size_t same = 0;
      while (same + 1 < M && text[begin + same] == part[same]) ++same;
      if (same + 1 == M) return true;
    }
    return false;
  }
};

}  // namespace cornu::keras
