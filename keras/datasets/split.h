#pragma once

#include "cornu/graph/array/array.h"

namespace cornu::keras::datasets {

/// Samples and their labels.
struct Split {
  Array x, y;
};

/// What `load_data` returns: `auto [train, test] = datasets::mnist::load_data();`
struct Splits {
  Split train, test;
};

}  // namespace cornu::keras::datasets
