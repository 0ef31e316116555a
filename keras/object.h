#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/array.h"
#include "cornu/keras/shared.h"

namespace cornu::keras {

namespace activations { class Activation; }
namespace initializers { class Initializer; }
namespace regularizers { class Regularizer; }
namespace constraints { class Constraint; }
class LearningRate;

/// Visits the fields of a config by Keras' names, in Keras' order. One list of fields in each config serves writing JSON, reading it,
/// comparing, and the sweeps of the tests; a visitor that reads assigns to the references.
class CORNU_EXPORT ConfigVisitor {
 public:
  virtual ~ConfigVisitor();
  virtual void operator()(std::string_view name, bool& value) = 0;
  virtual void operator()(std::string_view name, int& value) = 0;
  virtual void operator()(std::string_view name, std::int64_t& value) = 0;
  virtual void operator()(std::string_view name, double& value) = 0;
  virtual void operator()(std::string_view name, std::string& value) = 0;
  virtual void operator()(std::string_view name, graph::Shape& value) = 0;                 ///< unset: null
  virtual void operator()(std::string_view name, std::optional<bool>& value) = 0;          ///< nullopt: null
  virtual void operator()(std::string_view name, std::optional<int>& value) = 0;
  virtual void operator()(std::string_view name, std::optional<std::int64_t>& value) = 0;
  virtual void operator()(std::string_view name, std::optional<double>& value) = 0;
  virtual void operator()(std::string_view name, std::vector<int>& value) = 0;
  virtual void operator()(std::string_view name, std::vector<double>& value) = 0;
  virtual void operator()(std::string_view name, std::vector<std::string>& value) = 0;
  virtual void operator()(std::string_view name, Arg<activations::Activation>& value) = 0;
  virtual void operator()(std::string_view name, Arg<initializers::Initializer>& value) = 0;
  virtual void operator()(std::string_view name, Arg<regularizers::Regularizer>& value) = 0;
  virtual void operator()(std::string_view name, Arg<constraints::Constraint>& value) = 0;
  virtual void operator()(std::string_view name, LearningRate& value) = 0;
  virtual void operator()(std::string_view name, std::optional<LearningRate>& value) = 0;
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

/// The config as JSON text, `{"units": 512, "activation": "relu", …}`, as Keras' get_config.
std::string get_config(const Object&);
/// Same class and equal configs.
bool same_config(const Object&, const Object&);

}  // namespace cornu::keras
