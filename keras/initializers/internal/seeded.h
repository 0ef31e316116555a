#pragma once

#include <cstdint>
#include <optional>

#include "cornu/graph/array/random.h"

namespace cornu::keras::initializers::internal {

/// Draws from a stream of the initializer's own if it has a seed, and so the same numbers at each call; else from the
/// caller's.
template <class Draw>
graph::Array draw(const std::optional<std::int64_t>& seed, graph::random::Generator& rng, Draw&& draw) {
  if (!seed) return draw(rng);
  graph::random::Generator own(static_cast<std::uint64_t>(*seed));
  return draw(own);
}

}  // namespace cornu::keras::initializers::internal
