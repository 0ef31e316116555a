#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "cornu/keras/state.h"

namespace cornu::keras::callbacks::internal {

/// Visits a count.
inline void count_field(StateVisitor& v, std::string_view name, int& value) {
  std::int64_t wide = value;
  v(name, wide);
  value = static_cast<int>(wide);
}

/// Visits a figure that there may be none of, which NaN stands for.
inline void figure_field(StateVisitor& v, std::string_view name, std::optional<double>& value) {
  double figure = value.value_or(std::numeric_limits<double>::quiet_NaN());
  v(name, figure);
  value = std::isnan(figure) ? std::nullopt : std::optional(figure);
}

}  // namespace cornu::keras::callbacks::internal
