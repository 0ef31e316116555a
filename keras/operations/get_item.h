#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cornu/graph/tensor.h"
#include "cornu/keras/layers/keras_tensor.h"

namespace cornu::ops {

/// An item of an index, as NumPy's `x[:, 1:-1:2, None, ..., 0]` has five: a number takes its axis away.
struct CORNU_EXPORT IndexItem {
  enum class Kind : std::int64_t { number, slice, new_axis, ellipsis };
  IndexItem(std::int64_t number) : start(number) {}  // NOLINT: a number
  /// `start:stop:step`; what is left out is Python's None, and negative numbers count from the end.
  static IndexItem slice(std::optional<std::int64_t> start = std::nullopt,
                         std::optional<std::int64_t> stop = std::nullopt,
                         std::optional<std::int64_t> step = std::nullopt);
  static IndexItem new_axis();
  static IndexItem ellipsis();

  Kind kind = Kind::number;
  std::optional<std::int64_t> start, stop, step;
};

/// A part of a tensor: `get_item(x, {IndexItem::slice(), 0})` is NumPy's `x[:, 0]`. The batch axis in front is to be
/// taken as a whole. Throws ShapeError for a number out of bounds and for more items than axes, ValueError for a step
/// of 0 and two ellipses. Keras: `ops.get_item`, and `x[:, 0]` on symbolic tensors.
CORNU_EXPORT graph::Tensor get_item(const graph::Tensor& x, const std::vector<IndexItem>& key);
CORNU_EXPORT keras::KerasTensor get_item(const keras::KerasTensor& x, const std::vector<IndexItem>& key);

}  // namespace cornu::ops
