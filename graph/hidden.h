#pragma once

#include <cstddef>
#include <utility>

namespace cornu::graph {

/// Owns an object of a type that headers only declare: a class' state, which its .cpp defines. What std::unique_ptr is
/// for that, which takes the compiler ten times as long to read; it is made from one.
template <class T>
class Hidden {
 public:
  Hidden() = default;
  /// From `std::make_unique<State>()`.
  template <class Pointer>
  requires requires(Pointer& p) { p.release(); }
  Hidden(Pointer&& pointer) : object_(pointer.release()) {}  // NOLINT: converts
  Hidden(Hidden&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Hidden& operator=(Hidden&& other) noexcept {
    Hidden taken(std::move(other));
    std::swap(object_, taken.object_);
    return *this;
  }
  ~Hidden() {
    static_assert(sizeof(T) > 0, "the destructor of the class that owns it belongs in the .cpp");
    delete object_;
  }

  void reset() { *this = Hidden(); }
  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  friend bool operator==(const Hidden& hidden, std::nullptr_t) { return hidden.object_ == nullptr; }

 private:
  T* object_ = nullptr;
};

}  // namespace cornu::graph
