#pragma once

#include <cmath>

#include "cornu/graph/check.h"

namespace cornu::keras::regularizers::internal {

inline void require_factor(const char* class_name, const char* argument, double value) {
  graph::require<graph::ValueError>(std::isfinite(value) && value >= 0, "regularizer ", class_name,
                                    ": expected a number of at least 0 for ", argument, ", got ", value);
}

}  // namespace cornu::keras::regularizers::internal
