#pragma once

#include <vector>

#include "cornu/keras/onnx/importer.h"

namespace cornu::keras::onnx::internal {

/// How windows lie over the axes behind the first two, of a convolution or a pooling in ONNX's words.
struct Windows {
  std::vector<std::int64_t> lengths, strides, dilations, before, behind;

  int axes() const { return static_cast<int>(lengths.size()); }
  /// From the first element of a window to the last one.
  std::int64_t reach(int axis) const;
  /// The number of windows over so many elements.
  std::int64_t count(int axis, std::int64_t length, bool ceil_mode = false) const;
};

/// Of a node that has x as its first input. `lengths`: those of the windows. Throws ValueError for lists of other
/// lengths.
Windows windows_of(const ImportCall& c, const std::vector<std::int64_t>& lengths);

/// (batch, channels, …) as (batch, …, channels), and back.
Tensor channels_last(const Tensor& x);
Tensor channels_second(const Tensor& x);

}  // namespace cornu::keras::onnx::internal
