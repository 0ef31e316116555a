#pragma once

#include <string>

#include "cornu/graph/tensor.h"
#include "cornu/ops/per_axis.h"

namespace cornu::ops {

using graph::Tensor;

struct ConvTransposeConfig {
  PerAxis strides = 1;
  std::string padding = "valid";  ///< or "same": strides times the input's lengths, unless output_padding is given
  /// What is added behind the shortest output, less than the strides; empty: as much as makes a window at least as long
  /// as its stride ("valid"), or makes the lengths that "same" promises.
  PerAxis output_padding = {};
  PerAxis dilation_rate = 1;
};

/// Sums of filters, each multiplied by a number of x and put where a convolution would have read that number's window:
/// x (batch, …, channels), kernel (…, filters, channels) -> (batch, …, filters), for one to three spatial axes. It is
/// the gradient of a convolution by its input. A length n becomes, for a window that with its dilation is k long and
/// a stride s:
///
///     "valid"  (n - 1) s + k + output_padding         unless given: (n - 1) s + max(k, s)
///     "same"   (n - 1) s + k % 2 + output_padding     unless given: n s
///
/// Float32. Throws ShapeError for other ranks or channels and where there is no output; ValueError for strides or
/// dilations below 1, an output_padding that is negative or not below the strides, and another padding. Keras:
/// `ops.conv_transpose`; where Keras' backends differ, TensorFlow's numbers.
///
///     Tensor y = ops::conv_transpose(codes, kernel, {.strides = 2, .padding = "same"});
Tensor conv_transpose(const Tensor& x, const Tensor& kernel, ConvTransposeConfig config = {});

}  // namespace cornu::ops
