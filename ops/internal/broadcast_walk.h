#pragma once

#include <algorithm>
#include <array>

#include "cornu/graph/array/shape.h"

namespace cornu::ops::internal {

/// How N contiguous operands are read while an output of their broadcast shape is written in order. Axes that all
/// operands pass through alike are merged, so that most cases are one or two loops; along the last one an operand moves
/// by 1 or stands still.
template <std::size_t N>
class BroadcastWalk {
 public:
  BroadcastWalk(const graph::Shape& out, const std::array<graph::Shape, N>& in) {
    std::array<std::int64_t, N> step;
    step.fill(1);
    for (int i = 1; i <= out.rank(); ++i) {  // from the last axis to the first
      const std::int64_t length = out[out.rank() - i];
      std::array<std::int64_t, N> stride{};
      for (std::size_t k = 0; k < N; ++k) {
        const std::int64_t own = i <= in[k].rank() ? in[k][in[k].rank() - i] : 1;
        stride[k] = own == 1 ? 0 : step[k];
        step[k] *= own;
      }
      if (length != 1) add(length, stride);
    }
    if (rank_ == 0) add(1, {});
    for (int i = 0; i < rank_; ++i) elements_ *= lengths_[i];
  }

  std::int64_t elements() const { return elements_; }
  /// Whether operand k moves along the innermost loop.
  bool moves(std::size_t k) const { return strides_[0][k] != 0; }

  /// Calls f(first, offsets, n) for runs of n output elements from `first` on, which read operand k from offsets[k] on.
  template <class F>
  void run(std::int64_t begin, std::int64_t end, F&& f) const {
    std::array<std::int64_t, kRank> index{};
    std::array<std::int64_t, N> offsets{};
    std::int64_t rest = begin;
    for (int i = 0; begin < end && i < rank_; ++i) {
      index[i] = rest % lengths_[i];
      rest /= lengths_[i];
      for (std::size_t k = 0; k < N; ++k) offsets[k] += index[i] * strides_[i][k];
    }
    while (begin < end) {
      const std::int64_t n = std::min(lengths_[0] - index[0], end - begin);
      f(begin, offsets, n);
      begin += n;
      for (std::size_t k = 0; k < N; ++k) offsets[k] -= index[0] * strides_[0][k];
      index[0] = 0;
      for (int i = 1; i < rank_; ++i) {
        for (std::size_t k = 0; k < N; ++k) offsets[k] += strides_[i][k];
        if (++index[i] < lengths_[i]) break;
        for (std::size_t k = 0; k < N; ++k) offsets[k] -= index[i] * strides_[i][k];
        index[i] = 0;
      }
    }
  }

 private:
  static constexpr int kRank = graph::Shape::kMaxRank;

  void add(std::int64_t length, const std::array<std::int64_t, N>& stride) {
    if (rank_ > 0) {
      bool alike = true;
      for (std::size_t k = 0; k < N; ++k) alike &= stride[k] == strides_[rank_ - 1][k] * lengths_[rank_ - 1];
      if (alike) {
        lengths_[rank_ - 1] *= length;
        return;
      }
    }
    lengths_[rank_] = length;
    strides_[rank_++] = stride;
  }

  std::array<std::int64_t, kRank> lengths_{};  // innermost first
  std::array<std::array<std::int64_t, N>, kRank> strides_{};
  int rank_ = 0;
  std::int64_t elements_ = 1;
};

}  // namespace cornu::ops::internal
