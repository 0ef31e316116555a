#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/array/shape.h"
#include "cornu/graph/fields.h"
#include "cornu/ops/per_axis.h"

namespace cornu::ops::internal {

/// How the windows of a convolution or a pooling lie, for each spatial axis.
struct Windows {
  std::vector<std::int64_t> strides;
  std::vector<std::int64_t> dilation;   ///< distance of neighbours within a window
  std::vector<std::int64_t> low, high;  ///< places that are thought before and behind the input

  int axes() const { return static_cast<int>(strides.size()); }
  void fields(graph::FieldVisitor& f) const;
  /// How many windows of that length lie along an axis of such a length; 0 if none does.
  std::int64_t count(int axis, std::int64_t length, std::int64_t window) const;
};

/// Keras' words as windows of these lengths over x (batch, …, channels). Throws ValueError for strides or dilations
/// below 1 and for another padding than "valid" and "same", or, of one axis, "causal".
Windows windows_of(std::string_view op, const graph::Shape& x, const std::vector<std::int64_t>& lengths,
                   const PerAxis& strides, const PerAxis& dilation, const std::string& padding);

/// A number for each of these axes, at least 1. Throws ValueError naming `what`.
std::vector<std::int64_t> spread(std::string_view op, const char* what, const PerAxis& given, int axes);

}  // namespace cornu::ops::internal
