#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/keras/positional.h"

namespace cornu::keras {

class Arrays;
class Context;
class Inputs;
class KerasTensor;
namespace layers {
class Layer;
struct CallConfig;
}  // namespace layers

[[noreturn]] CORNU_EXPORT void throw_empty_handle();

/// A handle on an object that several share, as every Python variable is: copying shares, `==` asks whether both are
/// the same object.
///
/// Made from an object (moved in), from a `std::shared_ptr`, from a handle of a derived class, or by `share(Scale())`.
/// What is callable stays callable: `auto scale = share(Scale()); model.add(scale); scale->gain;`
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(std::nullptr_t) {}  // NOLINT: None
  template <class U>
  requires std::convertible_to<U*, T*> Shared(std::shared_ptr<U> object)
      : object_(std::move(object)) {}  // NOLINT: converts
  template <class U>
  requires std::convertible_to<U*, T*> Shared(const Shared<U>& other) : object_(other.pointer()) {}  // NOLINT: converts
  /// Takes over an object that was just made; to keep using one of your own, pass `share(...)` or a std::shared_ptr.
  template <class U>
  requires(std::derived_from<U, T> && !std::is_reference_v<U> && !std::is_const_v<U>) Shared(U&& object)
      : object_(std::make_shared<U>(std::move(object))) {}  // NOLINT: converts

  T* operator->() const { return get(); }
  T& operator*() const { return *get(); }
  T* get() const {
    if (object_ == nullptr) throw_empty_handle();
    return object_.get();
  }
  explicit operator bool() const { return object_ != nullptr; }
  const std::shared_ptr<T>& pointer() const { return object_; }

  /// The same object as a handle of a derived class; empty if it is none.
  template <class U>
  Shared<U> as() const {
    return std::dynamic_pointer_cast<U>(object_);
  }

  template <class... A>
  requires std::is_invocable_v<T&, A...>
  decltype(auto) operator()(A&&... a) const { return (*get())(std::forward<A>(a)...); }

  // What takes a braced list cannot be a template.
  auto operator()(std::initializer_list<KerasTensor> x) const requires std::derived_from<T, layers::Layer> {
    return (*get())(x);
  }
  auto operator()(std::initializer_list<KerasTensor> x,
                  const layers::CallConfig& config) const requires std::derived_from<T, layers::Layer> {
    return (*get())(x, config);
  }
  auto operator()(const KerasTensor& x,
                  const layers::CallConfig& config) const requires std::derived_from<T, layers::Layer> {
    return (*get())(x, config);
  }
  auto operator()(const Arrays& x) const requires std::derived_from<T, layers::Layer> { return (*get())(x); }
  auto operator()(const Inputs& x, Context& ctx) const requires std::derived_from<T, layers::Layer> {
    return (*get())(x, ctx);
  }

  friend bool operator==(const Shared& a, const Shared& b) { return a.object_ == b.object_; }

 private:
  std::shared_ptr<T> object_;
};

/// Moves an object into a handle that can be used in several places.
template <class T>
Shared<T> share(T object) {
  return std::make_shared<T>(std::move(object));
}

/// The base of the names that users write for objects with state: a handle made from a config. `using Scale =
/// Handle<ScaleLayer>` makes `Scale({.factor = 2})` an object that copies of the handle share. A config that has `make`
/// says itself of what class: then the class can stand in a source file, see Layer::Of.
template <class T, class Config = typename T::Config>
class Handle : public Shared<T> {
 public:
  Handle(Config config = {}) : Shared<T>(made(std::move(config))) {}  // NOLINT: from a config
  template <class A>
  requires Positional<Config, A>
  explicit Handle(A a, Config config = {}) : Handle(with_positional(std::move(config), std::move(a))) {}
  template <class A, class B>
  requires Positional<Config, A, B> Handle(A a, B b, Config config = {})
      : Handle(with_positional(std::move(config), std::move(a), std::move(b))) {}
  template <class A, class B, class C>
  requires Positional<Config, A, B, C> Handle(A a, B b, C c, Config config = {})
      : Handle(with_positional(std::move(config), std::move(a), std::move(b), std::move(c))) {}

 private:
  static std::shared_ptr<T> made(Config config) {
    if constexpr (requires { config.make(); })
      return config.make();
    else
      return std::make_shared<T>(std::move(config));
  }
};

namespace internal {

// False for a name and for None, which the compiler need not try as objects: every default of every config is one.
template <class U, class V = std::remove_cvref_t<U>>
concept IsObject = !std::is_array_v<V> && !std::is_same_v<V, const char*> && !std::is_null_pointer_v<V>;

}  // namespace internal

/// An argument that takes an object of kind T, or its Keras name: `.loss = "mse"`, `.loss =
/// losses::MeanSquaredError()`, a callable where T has `from_callable`. Unknown names throw ValueError at once, with
/// the known ones. Empty means None.
template <class T>
class Arg : public Shared<T> {
 public:
  Arg() = default;
  Arg(std::nullptr_t) {}                                           // NOLINT: None
  Arg(const char* name) : Shared<T>(T::from_name(name)) {}         // NOLINT: a name
  Arg(const std::string& name) : Shared<T>(T::from_name(name)) {}  // NOLINT: a name
  template <class U>
  requires(internal::IsObject<U>&& std::constructible_from<Shared<T>, U&&> &&
           !std::derived_from<std::remove_cvref_t<U>, Arg>) Arg(U&& object)
      : Shared<T>(std::forward<U>(object)) {}  // NOLINT: an object
  /// Copies an object which has no state that changes (losses, initializers …).
  template <class U>
  requires(std::derived_from<U, T>&& std::copy_constructible<U>) Arg(const U& object)
      : Shared<T>(std::make_shared<U>(object)) {}  // NOLINT: an object
  template <class F>
  requires(internal::IsObject<F> && !std::constructible_from<Shared<T>, F&&> && !std::convertible_to<F, std::string> &&
           !std::derived_from<std::remove_cvref_t<F>, T> && !std::derived_from<std::remove_cvref_t<F>, Arg> &&
           requires(F f) { T::from_callable(std::move(f)); }) Arg(F f)
      : Shared<T>(T::from_callable(std::move(f))) {}  // NOLINT: a function
};

}  // namespace cornu::keras
