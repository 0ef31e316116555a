#pragma once

#include <cstdint>
#include <optional>

#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

struct OrthogonalConfig {
  double gain = 1;
  std::optional<std::int64_t> seed = std::nullopt;
  using positional = Positions<&OrthogonalConfig::gain>;
  void fields(ConfigVisitor& v);
  Array operator()(const Shape& shape, Generator& rng) const;
};

/// `gain` times a random orthogonal matrix (the Q of a normal matrix's QR decomposition with a positive diagonal in R;
/// Saxe et al., 2014). A shape of more axes is the matrix (product of all but the last, last); the shorter of its sides
/// has orthonormal vectors. Throws ValueError for a rank below 2.
using Orthogonal = Initializer::Of<OrthogonalConfig>;

}  // namespace cornu::keras::initializers
