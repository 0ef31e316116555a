#include "cornu/ops/internal/row_sums.h"

#include <algorithm>

#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops::internal {

std::size_t RowSums::bytes(std::int64_t chunks) const {
  return onednn::aligned(factors_.size() * static_cast<std::size_t>(chunks * columns_) * sizeof(float));
}

void RowSums::begin(const graph::Call& c, void* memory, std::int64_t chunk, std::int64_t left, std::int64_t right,
                    void** to) const {
  std::copy_n(c.dst, plain_, to);
  float* sums = static_cast<float*>(memory) + chunk * count() * columns_;
  for (int i = 0; i < count(); ++i, sums += columns_) {
    std::fill(sums + left, sums + right, 0.f);
    to[plain_ + static_cast<std::size_t>(i)] = sums;
  }
}

void RowSums::add_up(const graph::Call& c, const void* memory, std::int64_t chunks) const {
  const float* const all = static_cast<const float*>(memory);
  c.share(count() * columns_, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      float total = 0;
      for (std::int64_t chunk = 0; chunk < chunks; ++chunk) total += all[chunk * count() * columns_ + i];
      const auto sum = static_cast<std::size_t>(i / columns_);
      c.out<float>(static_cast<int>(plain_ + sum))[i % columns_] = total * static_cast<float>(factors_[sum]);
    }
  });
}

}  // namespace cornu::ops::internal
