#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

struct PadConfig {
  /// What is put around `a b c`: "constant" `k k a b c k k`, "reflect" `c b a b c b a`, "symmetric" `b a a b c c b`,
  /// "edge" `a a a b c c c`, "wrap" `b c a b c a b`.
  std::string mode = "constant";
  std::optional<double> constant_values = std::nullopt;  ///< 0 unless given; of the mode "constant" alone
};

/// How many elements come before and behind each axis.
using PadWidth = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// x with elements put around it: `pad(x, {{0, 0}, {1, 2}}, {.mode = "reflect"})`. One pair serves every axis. Any
/// dtype; where elements are repeated, their gradients are added up (of float32, bfloat16, int32 and int64). Widths may
/// be larger than the axis, which then is reflected or repeated several times, as NumPy does. Throws ValueError for an
/// unknown mode, constant values beside another mode than "constant" and negative widths, ShapeError for another number
/// of pairs than axes and for an empty axis that would be repeated. Keras: `ops.pad`.
Tensor pad(const Tensor& x, const PadWidth& pad_width, const PadConfig& config = {});
/// The same number of elements before and behind every axis.
Tensor pad(const Tensor& x, std::int64_t pad_width, const PadConfig& config = {});

}  // namespace cornu::ops
