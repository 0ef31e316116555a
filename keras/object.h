#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/shared.h"

namespace cornu::keras {

class AnyRegistry;
class LayerGraph;
class Object;

namespace activations {
class Activation;
}
namespace initializers {
class Initializer;
}
namespace regularizers {
class Regularizer;
}
namespace constraints {
class Constraint;
}

/// Where Keras' versions, or JSON and the field's type, differ about one field of a config. Without any of these every
/// form has the field, by its name.
struct FieldForm {
  bool since_keras3 =
      false;                 ///< Keras 2 has no such argument; a value that is neither null nor false has no form there
  bool only_keras2 = false;  ///< written for Keras 2 alone
  bool until_keras3 = false;          ///< not written for Keras 3
  bool only_keras3 = false;           ///< not written for Keras 2, whatever it is
  bool only_read = false;             ///< never written: another field says it (`lr` is saved as `learning_rate`)
  bool unless_null = false;           ///< left out if null
  bool keras3_unless_null = false;    ///< left out if null when written for Keras 3
  bool in_front = false;              ///< a base argument, which Keras lists before the class' own
  bool number_if_one = false;         ///< a list of one number is written as that number
  std::string_view keras2_name = {};  ///< the name in files of Keras 2
  std::string_view also_read = {};    ///< another name that is read
};

/// A field's name and form.
struct Field {
  std::string_view name;
  FieldForm form = {};
};

/// A field that holds an object of some kind, or none: how a visitor reads and writes it without knowing the kind.
class CORNU_EXPORT ObjectSlot {
 public:
  virtual ~ObjectSlot();
  /// The classes that the field takes.
  virtual const AnyRegistry& registry() const = 0;
  /// Null: none.
  virtual const Object* get() const = 0;
  virtual void set(std::shared_ptr<Object> object) = 0;
  /// Throws ValueError with the known names.
  virtual void set_name(const std::string& name) = 0;
  /// Of a field that takes a number as well, a learning rate: the number that it holds.
  virtual std::optional<double> number() const { return std::nullopt; }
  /// False if the field takes none.
  virtual bool set_number(double) { return false; }
};

/// A field that holds a list of objects of one kind.
class CORNU_EXPORT ObjectList {
 public:
  virtual ~ObjectList();
  virtual std::size_t size() const = 0;
  /// New ones are none.
  virtual void resize(std::size_t size) = 0;
  virtual void at(std::size_t i, const std::function<void(ObjectSlot&)>& use) = 0;
};

/// What a config's field may be, a pointer to one of many types: see field_value.h, which visitors include.
struct FieldValue;

/// Visits the fields of a config by Keras' names, in Keras' order: `v("units", units)`, and where Keras' versions
/// differ `v("lora_rank", lora_rank, {.since_keras3 = true})`. One list of fields in each config serves writing JSON,
/// reading it, comparing, and the sweeps of the tests; a visitor that reads assigns to the references.
class CORNU_EXPORT ConfigVisitor {
 public:
  virtual ~ConfigVisitor();
  template <class T>
  void operator()(std::string_view name, T& value, const FieldForm& form = {}) {
    if constexpr (requires { object_slot(value); }) {
      auto slot = object_slot(value);
      give({name, form}, &slot);
    } else {
      give({name, form}, &value);
    }
  }
  virtual void visit(const Field& field, FieldValue value) = 0;

  /// What for: asked by fields whose value has another word in some form.
  enum class Purpose { read, write, write_keras2, write_keras3 };
  virtual Purpose purpose() const { return Purpose::write; }
  /// Says that Keras 2 has no `what` ("reduction 'mean_with_sample_weight'"). When writing for it throws ValueError.
  virtual void not_in_keras2(const std::string& what);

 private:
  void give(const Field& field, bool* value);
  void give(const Field& field, int* value);
  void give(const Field& field, std::int64_t* value);
  void give(const Field& field, double* value);
  void give(const Field& field, std::string* value);
  void give(const Field& field, graph::Shape* value);
  void give(const Field& field, std::optional<bool>* value);
  void give(const Field& field, std::optional<int>* value);
  void give(const Field& field, std::optional<std::int64_t>* value);
  void give(const Field& field, std::optional<double>* value);
  void give(const Field& field, std::vector<int>* value);
  void give(const Field& field, std::optional<std::vector<int>>* value);
  void give(const Field& field, std::vector<double>* value);
  void give(const Field& field, std::vector<std::string>* value);
  void give(const Field& field, std::optional<graph::Array>* value);
  void give(const Field& field, ObjectSlot* value);
  void give(const Field& field, ObjectList* value);
  void give(const Field& field, LayerGraph* value);
};

/// What has a Keras class name and a config: layers, initializers, losses, metrics, optimizers …
class CORNU_EXPORT Object {
 public:
  virtual ~Object();
  /// The Keras class name, "Dense"; for a class of the user's the name it was registered by, else its C++ name.
  virtual std::string class_name() const;
  /// Visits the config; an object without arguments visits nothing.
  virtual void fields(ConfigVisitor&) {}
  /// The classes of its kind; null for what is of none.
  virtual const AnyRegistry* kind() const { return nullptr; }
  /// For messages: "initializer 'HeNormal'", "layer 'dense_1'".
  virtual std::string described() const;
};

/// An `Arg<T>` as a slot; T has a static `registry()`.
template <class T>
class ArgSlot final : public ObjectSlot {
 public:
  explicit ArgSlot(Arg<T>& value) : value_(value) {}
  const AnyRegistry& registry() const override { return T::registry(); }
  const Object* get() const override { return value_.pointer().get(); }
  void set(std::shared_ptr<Object> object) override { value_ = Shared<T>(std::dynamic_pointer_cast<T>(object)); }
  void set_name(const std::string& name) override { value_ = T::from_name(name); }

 private:
  Arg<T>& value_;
};

template <class T>
class ArgList final : public ObjectList {
 public:
  explicit ArgList(std::vector<Arg<T>>& values) : values_(values) {}
  std::size_t size() const override { return values_.size(); }
  void resize(std::size_t size) override { values_.resize(size); }
  void at(std::size_t i, const std::function<void(ObjectSlot&)>& use) override {
    ArgSlot<T> slot(values_.at(i));
    use(slot);
  }

 private:
  std::vector<Arg<T>>& values_;
};

template <class T>
ArgSlot<T> object_slot(Arg<T>& value) {
  return ArgSlot<T>(value);
}
template <class T>
ArgList<T> object_slot(std::vector<Arg<T>>& values) {
  return ArgList<T>(values);
}

/// The config as JSON text, `{"units": 512, "activation": "relu", …}`, as Keras' get_config.
std::string get_config(const Object&);
/// Same class and equal configs; functions without a name are equal only to themselves.
bool same_config(const Object&, const Object&);

}  // namespace cornu::keras
