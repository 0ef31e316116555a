#pragma once

#include <cstdint>
#include <string>

#include "cornu/graph/array/shape.h"

namespace cornu::keras::layers::internal {

/// While one lives, weights that this thread adds to layers are zeros, for somebody else is going to set them, and are
/// refused when they would be more than the allowance: a damaged file that tells of a layer with 10^12 units is an
/// error before any memory is taken.
class WeightAllowance {
 public:
  explicit WeightAllowance(std::int64_t elements);
  ~WeightAllowance();
  WeightAllowance(const WeightAllowance&) = delete;
  WeightAllowance& operator=(const WeightAllowance&) = delete;

  /// This thread's, or null.
  static WeightAllowance* current();
  /// Throws FormatError naming the weight if so many elements are not left.
  void take(const std::string& weight, const graph::Shape& shape);

 private:
  std::int64_t left_;
  WeightAllowance* outer_;
};

}  // namespace cornu::keras::layers::internal
