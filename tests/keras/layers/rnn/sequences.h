#pragma once

#include "cornu/graph/array/array.h"
#include "cornu/graph/array/random.h"

namespace cornu::tests {

/// A batch whose sequences are padded with zeros to one length, and which steps are not padding.
struct Padded {
  graph::Array x, mask;
};
inline Padded padded(std::vector<std::int64_t> lengths, std::int64_t steps, std::int64_t features, bool in_front) {
  const auto rows = static_cast<std::int64_t>(lengths.size());
  graph::Array x = graph::random::Generator(3).uniform({rows, steps, features}, -1, 1);
  graph::Array mask = graph::zeros({rows, steps}, graph::bool_);
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t t = 0; t < steps; ++t) {
      const bool valid = in_front ? t >= steps - lengths[row] : t < lengths[row];
      mask.data<bool>()[row * steps + t] = valid;
      for (std::int64_t f = 0; f < features && !valid; ++f) x.data<float>()[(row * steps + t) * features + f] = 0;
    }
  return {x, mask};
}

}  // namespace cornu::tests
