#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/keras/shared.h"

namespace cornu::keras {

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
class LearningRate;

/// Visits the fields of a config by Keras' names, in Keras' order. One list of fields in each config serves writing
/// JSON, reading it, comparing, and the sweeps of the tests; a visitor that reads assigns to the references.
class CORNU_EXPORT ConfigVisitor {
 public:
  virtual ~ConfigVisitor();
  virtual void operator()(std::string_view name, bool& value) = 0;
  virtual void operator()(std::string_view name, int& value) = 0;
  virtual void operator()(std::string_view name, std::int64_t& value) = 0;
  virtual void operator()(std::string_view name, double& value) = 0;
  virtual void operator()(std::string_view name, std::string& value) = 0;          ///< empty: null
  virtual void operator()(std::string_view name, graph::Shape& value) = 0;         ///< unset: null
  virtual void operator()(std::string_view name, std::optional<bool>& value) = 0;  ///< nullopt: null
  virtual void operator()(std::string_view name, std::optional<int>& value) = 0;
  virtual void operator()(std::string_view name, std::optional<std::int64_t>& value) = 0;
  virtual void operator()(std::string_view name, std::optional<double>& value) = 0;
  virtual void operator()(std::string_view name,
                          std::vector<int>& value) = 0;  ///< of an "axis", one number may stand for a list of one
  virtual void operator()(std::string_view name, std::optional<std::vector<int>>& value) = 0;
  virtual void operator()(std::string_view name, std::vector<double>& value) = 0;
  virtual void operator()(std::string_view name, std::vector<std::string>& value) = 0;
  virtual void operator()(std::string_view name, Arg<activations::Activation>& value) = 0;
  virtual void operator()(std::string_view name, Arg<initializers::Initializer>& value) = 0;
  virtual void operator()(std::string_view name, Arg<regularizers::Regularizer>& value) = 0;
  virtual void operator()(std::string_view name, Arg<constraints::Constraint>& value) = 0;
  virtual void operator()(std::string_view name, LearningRate& value) = 0;
  virtual void operator()(std::string_view name, std::optional<LearningRate>& value) = 0;
  /// A layer's dtype, which files of Keras 3 hold as an object, others as a text.
  virtual void dtype_policy(std::string_view name, std::string& value) { (*this)(name, value); }
};

/// What has a Keras class name and a config: layers, initializers, losses, metrics, optimizers …
class CORNU_EXPORT Object {
 public:
  virtual ~Object();
  /// The Keras class name, "Dense"; for a class of the user's the name it was registered by, else its C++ name.
  virtual std::string class_name() const;
  /// Visits the config; an object without arguments visits nothing.
  virtual void fields(ConfigVisitor&) {}
};

/// What `Object::class_name` says of objects of that C++ class; the registries call it.
void remember_class_name(const std::type_info& type, const std::string& class_name);

/// The config as JSON text, `{"units": 512, "activation": "relu", …}`, as Keras' get_config.
std::string get_config(const Object&);
/// Same class and equal configs; functions without a name are equal only to themselves.
bool same_config(const Object&, const Object&);

}  // namespace cornu::keras
