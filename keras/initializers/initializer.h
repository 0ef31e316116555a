#pragma once

#include "cornu/graph/array/random.h"
#include "cornu/keras/formula.h"

namespace cornu::keras::initializers {

using graph::Array;
using graph::Shape;
using graph::random::Generator;

/// Makes the first values of a weight: a float32 array of that shape. `rng` is the stream to draw from unless the
/// initializer has a seed of its own. A lambda `Array(const Shape&)` is taken, too. By Keras' names: "glorot_uniform",
/// "GlorotUniform", "zeros", …
class CORNU_EXPORT Initializer : public Formula<Initializer, Array(const Shape& shape, Generator& rng)> {
 public:
  static Shared<Initializer> from_callable(std::function<Array(const Shape&)> function);
  static Registry<Initializer>& registry();
};

inline Registry<Initializer>& registry() { return Initializer::registry(); }

}  // namespace cornu::keras::initializers
