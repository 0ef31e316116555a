#pragma once

#include <cstddef>
#include <memory>

#include "cornu/graph/array/array.h"
#include "cornu/graph/plan/internal/spares.h"

namespace cornu::graph::internal {

/// Blocks of memory that the plans of one Function run in, each block lent to one running call. Plans for other sizes
/// share them, so that the memory of many plans is that of the largest, for each call at the same time. Takes no lock.
class ArenaPool {
 public:
  /// At least that many bytes, aligned to 64.
  std::unique_ptr<Array> take(std::size_t bytes) {
    auto block = blocks_.take();
    if (block && block->nbytes() >= bytes) return block;
    block.reset();  // before the larger one is there
    return std::make_unique<Array>(Shape{static_cast<std::int64_t>(bytes)}, uint8);
  }
  void give_back(std::unique_ptr<Array> block) { blocks_.give_back(std::move(block)); }

 private:
  Spares<Array> blocks_;
};

}  // namespace cornu::graph::internal
