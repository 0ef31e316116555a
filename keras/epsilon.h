#pragma once

namespace cornu::keras {

/// What Keras adds to numbers that it divides by, or takes instead of less. Keras: `backend.epsilon()`.
inline constexpr double kEpsilon = 1e-7;

}  // namespace cornu::keras
