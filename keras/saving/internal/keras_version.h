#pragma once

namespace cornu::keras::saving::internal {

/// The Keras whose form the files have that are written.
inline constexpr const char *kKeras2 = "2.15.0", *kKeras3 = "3.15.1";

}  // namespace cornu::keras::saving::internal
