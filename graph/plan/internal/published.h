#pragma once

#include <atomic>
#include <memory>
#include <thread>
#include <utility>

namespace cornu::graph::internal {

/// A value that many threads read without a lock while now and then one replaces it. A reader announces itself, so that
/// the one who replaces frees the old value when nobody looks at it any more; readers never wait.
template <class T>
class Published {
 public:
  explicit Published(std::unique_ptr<const T> first) : current_(first.release()) {}
  ~Published() { delete current_.load(); }
  Published(const Published&) = delete;
  Published& operator=(const Published&) = delete;

  /// Calls f(value), which ought to be short: who replaces waits for it.
  template <class F>
  decltype(auto) read(F&& f) const {
    const Reading reading(readers_);
    return std::forward<F>(f)(*current_.load());
  }

  /// One thread at a time.
  void replace(std::unique_ptr<const T> next) {
    const std::unique_ptr<const T> old(current_.exchange(next.release()));
    // Whoever announces itself from now on sees the new value: once there was a moment without readers, nobody has the
    // old one.
    while (readers_.load() != 0) std::this_thread::yield();
  }

 private:
  struct Reading {
    std::atomic<int>& readers;
    explicit Reading(std::atomic<int>& r) : readers(r) { readers.fetch_add(1); }
    ~Reading() { readers.fetch_sub(1); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
  };

  std::atomic<const T*> current_;
  mutable std::atomic<int> readers_{0};
};

}  // namespace cornu::graph::internal
