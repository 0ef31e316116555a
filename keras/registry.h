#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/keras/object.h"

namespace cornu::keras {

/// What files say of a class, where it is not what most classes have: the same class by the same name in both Kerases.
struct ClassForm {
  bool since_keras3 = false;              ///< Keras 2 does not have it
  bool only_keras2 = false;               ///< Keras 3 does not have it
  std::string_view keras2_name = {};      ///< what files of Keras 2 call it
  std::string_view keras2_package = {};   ///< before its name in files of Keras 2: "Custom>Adam"
  std::string_view module = {};           ///< Keras 3's module, if it is not its kind's
  std::string_view registered_name = {};  ///< what Keras 3 writes so; empty: null
  bool by_name = false;                   ///< files hold its name alone: it stands for another class
  std::string_view cannot_be_saved = {};  ///< why no file can hold it; follows "… cannot be saved"
};

/// What files say of a kind of objects.
struct KindForm {
  std::string_view module = {};            ///< Keras' module: "keras.losses"
  std::string_view registry = {};          ///< how a program calls the registry: "losses::registry()"
  bool by_name = false;                    ///< files hold a name alone, without arguments
  std::string_view named_by = {};          ///< the argument that names an object in messages
  std::string_view none = {};              ///< the name that stands for no object; empty: null
  std::string_view wrapper = {};           ///< the class by which Keras wraps a function into an object of this kind
  std::string_view wrapper_argument = {};  ///< and its argument that names the function
};

/// The classes of one kind by their names, whatever the kind.
class CORNU_EXPORT AnyRegistry {
 public:
  struct Entry {
    std::string class_name;            ///< "MeanSquaredError"
    std::vector<std::string> aliases;  ///< "mean_squared_error" (the long name, which files hold) first, then "mse", …
    ClassForm form;
    /// Makes an object; the visitor, if there is one, fills the config's fields first.
    std::function<std::shared_ptr<Object>(ConfigVisitor* reader)> make;
  };

  /// `kind` for messages: "loss".
  explicit AnyRegistry(std::string kind, KindForm form = {});
  ~AnyRegistry();

  /// The entry of a class name or alias; throws ValueError that lists the known names.
  const Entry& find(std::string_view name) const;
  /// Null if there is none.
  const Entry* find_or_null(std::string_view name) const;
  bool contains(std::string_view name) const { return find_or_null(name) != nullptr; }
  /// The class that files of Keras 2 call so, if it has another name here; else null.
  const Entry* find_keras2(std::string_view name) const;
  std::vector<std::string> class_names() const;
  const std::string& kind() const { return kind_; }
  const KindForm& form() const { return form_; }

 protected:
  /// Throws ValueError if the class name or an alias is taken.
  void add(Entry entry, const std::type_info& type);

 private:
  struct Entries;
  std::string kind_;
  KindForm form_;
  graph::Hidden<Entries> entries_;
};

/// Where an object's class is registered; null where it is not.
const AnyRegistry::Entry* registered_as(const Object& object);

/// A class that is made from a config struct says so by `using Config = DenseConfig`; another one visits its own
/// fields.
template <class U>
struct ConfigOf {
  using type = void;
};
template <class U>
requires requires { typename U::Config; }
struct ConfigOf<U> {
  using type = typename U::Config;
};

/// The classes of one kind by their Keras names. Each kind has one, a function-local static behind an exported function
/// (`layers::registry()`); a user's program and a plug-in add theirs with `registry().add<Scale>("Scale")`.
template <class T>
class Registry : public AnyRegistry {
 public:
  using AnyRegistry::AnyRegistry;

  /// Registers a class that is made from its `Config`, or that is default-constructible and visits its own fields.
  /// Throws ValueError if the class name or an alias is taken.
  template <class U, class Config = typename ConfigOf<U>::type>
  bool add(std::string class_name, std::vector<std::string> aliases = {}, const ClassForm& form = {}) {
    const auto make = [](ConfigVisitor* reader) -> std::shared_ptr<Object> {
      if constexpr (std::is_void_v<Config>) {
        auto object = std::make_shared<U>();
        if (reader) object->fields(*reader);
        return object;
      } else {
        Config config;
        if (reader) read(config, *reader);
        return std::make_shared<U>(std::move(config));
      }
    };
    AnyRegistry::add({std::move(class_name), std::move(aliases), form, make}, typeid(U));
    return true;
  }

  /// Fills a config, whose kind may visit arguments of every class beside the config's own.
  template <class Config>
  static void read(Config& config, ConfigVisitor& reader) {
    if constexpr (requires { T::config_fields(config, reader); })
      T::config_fields(config, reader);
    else if constexpr (requires { config.fields(reader); })
      config.fields(reader);
  }

  std::shared_ptr<T> make(std::string_view name, ConfigVisitor* reader = nullptr) const {
    return std::static_pointer_cast<T>(find(name).make(reader));
  }
};

}  // namespace cornu::keras
