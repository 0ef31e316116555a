#pragma once

#include <functional>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// What a Lambda layer computes.
using LambdaFunction = std::function<Tensor(const Tensor&)>;

/// Makes a function known by a name, by which files hold it: call it at the start of a program that loads a model with
/// it. Throws ValueError if the name is taken.
///
///     const bool known = layers::register_function("halve", [](const Tensor& x) { return x * 0.5; });
///     model.add(layers::Lambda("halve"));
CORNU_EXPORT bool register_function(const std::string& name, LambdaFunction function);

struct LambdaConfig {
  std::string function = "";               ///< a registered name
  std::string function_type = "function";  ///< what files of Keras 2 say of it
  CORNU_LAYER_ARGUMENTS;
  LambdaFunction unnamed = nullptr;  ///< a function without a name, which no file can hold
  void fields(ConfigVisitor& v);
  Made<Layer, LambdaConfig> make() const;
};

/// A function as a layer. Throws ValueError for a name that is not registered, with the known ones; a Python function
/// in a file of Keras is such a name, or, as a lambda, bytes that only Python can run. Keras: `layers.Lambda`.
///
/// `Lambda("halve")`, `Lambda([](const Tensor& x) { return x * 0.5; })`.
class CORNU_EXPORT Lambda : public Layer::Of<LambdaConfig> {
 public:
  using Handle::Handle;
  explicit Lambda(const char* registered, LambdaConfig config = {});
  explicit Lambda(LambdaFunction function, LambdaConfig config = {});
};

}  // namespace cornu::keras::layers
