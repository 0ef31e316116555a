#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace cornu::graph::internal {

/// Objects that calls borrow and give back: as many as calls ever ran at the same time. Takes no lock, and memory only
/// when more objects are there than ever before.
template <class T>
class Spares {
 public:
  Spares() = default;
  Spares(const Spares&) = delete;
  ~Spares() {
    for (Shelf* shelf = &first_; shelf; shelf = shelf->next.load())
      for (auto& slot : shelf->slots) delete slot.load();
    for (Shelf* shelf = first_.next.load(); shelf;) delete std::exchange(shelf, shelf->next.load());
  }

  /// Null if all are in use.
  std::unique_ptr<T> take() {
    for (Shelf* shelf = &first_; shelf; shelf = shelf->next.load(std::memory_order_acquire))
      for (auto& slot : shelf->slots) {
        if (slot.load(std::memory_order_relaxed) == nullptr) continue;
        if (T* object = slot.exchange(nullptr, std::memory_order_acq_rel)) return std::unique_ptr<T>(object);
      }
    return nullptr;
  }

  void give_back(std::unique_ptr<T> object) {
    for (Shelf* shelf = &first_;; shelf = next(*shelf))
      for (auto& slot : shelf->slots) {
        T* none = nullptr;
        if (!slot.compare_exchange_strong(none, object.get(), std::memory_order_acq_rel)) continue;
        object.release();
        return;
      }
  }

 private:
  struct Shelf {
    std::array<std::atomic<T*>, 8> slots{};
    std::atomic<Shelf*> next{nullptr};
  };
  // Another one is put up where there is none yet.
  static Shelf* next(Shelf& shelf) {
    if (Shelf* next = shelf.next.load(std::memory_order_acquire)) return next;
    auto fresh = std::make_unique<Shelf>();
    Shelf* other = nullptr;
    return shelf.next.compare_exchange_strong(other, fresh.get(), std::memory_order_acq_rel) ? fresh.release() : other;
  }

  Shelf first_;
};

}  // namespace cornu::graph::internal
