#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/tensor.h"
#include "cornu/keras/registry.h"

namespace cornu::keras {
namespace internal {
struct CustomClasses;
}

namespace saving {

using graph::Tensor;

/// What a name in a file stands for: a class of the program, by `saving::custom<Scale>()`, or a function. A function of
/// one tensor is an activation, a constraint, a regularizer or what a Lambda layer computes; one of `(y_true, y_pred)`
/// is a loss or a metric: the place in the file says which.
class CORNU_EXPORT CustomObject {
 public:
  using Classes = std::vector<std::pair<const AnyRegistry*, std::shared_ptr<const AnyRegistry>>>;
  using OfOne = std::function<Tensor(const Tensor& x)>;
  using OfTwo = std::function<Tensor(const Tensor& y_true, const Tensor& y_pred)>;

  template <class F>
  requires std::is_invocable_r_v<Tensor, F&, const Tensor&> CustomObject(F function)  // NOLINT: converts
      : CustomObject(made_of(OfOne(std::move(function)))) {}
  template <class F>
  requires(std::is_invocable_r_v<Tensor, F&, const Tensor&, const Tensor&> &&
           !std::is_invocable_r_v<Tensor, F&, const Tensor&>) CustomObject(F function)  // NOLINT: converts
      : CustomObject(made_of(OfTwo(std::move(function)))) {}

  /// Of what makes, for a name, registries of the kinds that know it; see `custom`.
  static CustomObject made_by(std::function<Classes(const std::string& name)> make) { return {std::move(make), 0}; }
  Classes classes(const std::string& name) const { return make_(name); }

 private:
  CustomObject(std::function<Classes(const std::string&)> make, int) : make_(std::move(make)) {}
  static CustomObject made_of(OfOne function);
  static CustomObject made_of(OfTwo function);

  std::function<Classes(const std::string&)> make_;
};

namespace internal {

// The class of the object that a handle holds; any other class itself.
template <class U>
struct HeldBy {
  using type = U;
};
template <class U>
requires requires(const U& handle) { handle.pointer(); }
struct HeldBy<U> {
  using type = std::remove_pointer_t<decltype(std::declval<const U&>().get())>;
};

}  // namespace internal

/// A class of layers, losses, metrics, optimizers or whatever kind it derives from, as a custom object. It is made from
/// its `Config`, or default-constructed and then visited, as if it were registered.
template <class U>
CustomObject custom() {
  using Class = typename internal::HeldBy<U>::type;
  return CustomObject::made_by([](const std::string& name) -> CustomObject::Classes {
    auto& kind = Class::registry();
    auto own = std::make_shared<std::remove_reference_t<decltype(kind)>>(kind.kind());
    own->template add<Class>(name);
    return {{&kind, std::move(own)}};
  });
}

/// Names with what they stand for while a file is read, without registering it for the whole program. Keras:
/// `custom_objects`. A name may be one of Keras', which then means this object, and have a package, "mine>Scale".
///
///     models::load_model("m.keras", {.custom_objects = {{"Scale", saving::custom<Scale>()}, {"dice", dice_loss}}});
///
/// What was made so is saved by that name.
class CORNU_EXPORT CustomObjects {
 public:
  CustomObjects() = default;
  /// Throws ValueError for an empty name and for one that is given twice.
  CustomObjects(std::initializer_list<std::pair<const char*, CustomObject>> objects);
  CustomObjects(const std::vector<std::pair<std::string, CustomObject>>& objects);  // NOLINT: converts
  bool empty() const { return classes_ == nullptr; }

 private:
  friend class CustomObjectScope;
  std::shared_ptr<const std::vector<keras::internal::CustomClasses>> classes_;
};

/// While it lives, names mean these objects, in this thread and wherever a name is looked up: in files, in
/// `deserialize`, in `layers::Dense(3, {.activation = "mine"})`. An inner scope goes before an outer one, and both
/// before what is registered. Keras: `custom_object_scope`.
///
///     const saving::CustomObjectScope scope({{"Scale", saving::custom<Scale>()}});
///     auto copy = models::clone_model(model);
class CORNU_EXPORT CustomObjectScope {
 public:
  explicit CustomObjectScope(const CustomObjects& objects);
  ~CustomObjectScope();
  CustomObjectScope(const CustomObjectScope&) = delete;
  CustomObjectScope& operator=(const CustomObjectScope&) = delete;

 private:
  bool entered_ = false;
};

}  // namespace saving
}  // namespace cornu::keras
