#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>

#include "cornu/graph/array/array.h"

namespace cornu::graph::internal {

/// Blocks of memory that the plans of one Function run in, each block lent to one running call. Plans for other sizes
/// share them, so that the memory of many plans is that of the largest, for each call at the same time. Takes no lock.
class ArenaPool {
 public:
  ArenaPool() = default;
  ArenaPool(const ArenaPool&) = delete;
  ~ArenaPool() {
    for (auto& slot : slots_) delete slot.load();
  }

  /// At least that many bytes, aligned to 64.
  std::unique_ptr<Array> take(std::size_t bytes) {
    for (auto& slot : slots_) {
      if (slot.load(std::memory_order_relaxed) == nullptr) continue;
      std::unique_ptr<Array> block(slot.exchange(nullptr, std::memory_order_acq_rel));
      if (!block) continue;
      if (block->nbytes() >= bytes) return block;
      block.reset();  // before the larger one is there
      return allocate(bytes);
    }
    return allocate(bytes);
  }
  void give_back(std::unique_ptr<Array> block) {
    for (auto& slot : slots_) {
      Array* none = nullptr;
      if (slot.compare_exchange_strong(none, block.get(), std::memory_order_acq_rel)) {
        block.release();
        return;
      }
    }
  }

 private:
  static std::unique_ptr<Array> allocate(std::size_t bytes) {
    return std::make_unique<Array>(Shape{static_cast<std::int64_t>(bytes)}, uint8);
  }

  static constexpr std::size_t kSlots = 8;
  std::array<std::atomic<Array*>, kSlots> slots_{};
};

}  // namespace cornu::graph::internal
