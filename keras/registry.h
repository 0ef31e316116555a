#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/keras/object.h"

namespace cornu::keras {

/// The classes of one kind by their Keras names. Each kind has one, a function-local static behind an exported function
/// (`layers::registry()`); a user's program and a plug-in add theirs with `registry().add<Scale>("Scale")`.
template <class T>
class Registry {
 public:
  /// Makes an object; the visitor, if there is one, fills the config's fields first.
  using Factory = std::function<std::shared_ptr<T>(ConfigVisitor* reader)>;
  struct Entry {
    std::string class_name;            ///< "MeanSquaredError"
    std::vector<std::string> aliases;  ///< "mean_squared_error" (the long name, which files hold) first, then "mse", …
    Factory make;
  };

  /// `kind` for messages: "loss".
  explicit Registry(std::string kind) : kind_(std::move(kind)) {}

  /// Throws ValueError if the class name or an alias is taken.
  void add(std::string class_name, std::vector<std::string> aliases, Factory make) {
    auto entry = std::make_shared<Entry>(Entry{class_name, std::move(aliases), std::move(make)});
    const std::lock_guard lock(mutex_);
    for (const std::string& alias : entry->aliases)
      graph::require<graph::ValueError>(!names_.contains(alias), "a ", kind_, " named '", alias,
                                        "' is already registered");
    graph::require<graph::ValueError>(names_.emplace(class_name, entry).second, "a ", kind_, " named '", class_name,
                                      "' is already registered");
    for (const std::string& alias : entry->aliases) names_.emplace(alias, entry);
    entries_.push_back(std::move(entry));
  }
  /// For a class made from a config struct: `add<DenseLayer, DenseConfig>("Dense")`.
  template <class U, class Config>
  bool add(std::string class_name, std::vector<std::string> aliases = {}) {
    add(class_name, std::move(aliases), [](ConfigVisitor* reader) -> std::shared_ptr<T> {
      Config config;
      if (reader) config.fields(*reader);
      return std::make_shared<U>(std::move(config));
    });
    remember_class_name(typeid(U), class_name);
    return true;
  }
  /// For a class of the user's that is default-constructible and visits its own fields.
  template <class U>
  bool add(std::string class_name, std::vector<std::string> aliases = {}) {
    add(class_name, std::move(aliases), [](ConfigVisitor* reader) -> std::shared_ptr<T> {
      auto object = std::make_shared<U>();
      if (reader) object->fields(*reader);
      return object;
    });
    remember_class_name(typeid(U), class_name);
    return true;
  }

  /// The entry of a class name or alias; throws ValueError that lists the known names.
  const Entry& find(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(name);
    if (found != names_.end()) return *found->second;
    std::string known;
    for (const auto& [key, entry] : names_) known += (known.empty() ? "" : ", ") + key;
    throw graph::ValueError(graph::message("unknown ", kind_, " '", name, "'; known: ", known));
  }
  bool contains(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    return names_.find(name) != names_.end();
  }
  std::shared_ptr<T> make(std::string_view name, ConfigVisitor* reader = nullptr) const {
    return find(name).make(reader);
  }
  std::vector<std::string> class_names() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> names;
    for (const auto& entry : entries_) names.push_back(entry->class_name);
    return names;
  }
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Entry>, std::less<>> names_;
  std::vector<std::shared_ptr<const Entry>> entries_;
};

}  // namespace cornu::keras
