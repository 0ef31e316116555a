#pragma once

#include "cornu/graph/array/random.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::initializers {

using graph::Array;
using graph::Shape;

/// Makes the first values of a weight. Deriving from it makes one of your own; a lambda `Array(const Shape&)` is taken,
/// too.
class CORNU_EXPORT Initializer : public Object {
 public:
  /// A float32 array of that shape. `rng` is the stream to draw from unless the initializer has a seed of its own.
  virtual Array operator()(const Shape& shape, graph::random::Generator& rng) const = 0;

  /// By Keras' names: "glorot_uniform", "GlorotUniform", "zeros", … Throws ValueError with the known names.
  static Shared<Initializer> from_name(const std::string& name);
  static Registry<Initializer>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  static Shared<Initializer> from_callable(std::function<Array(const Shape&)> function);
};

inline Registry<Initializer>& registry() { return Initializer::registry(); }

}  // namespace cornu::keras::initializers
