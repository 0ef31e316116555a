#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers::legacy {

/// The optimizers of Keras 2's `optimizers.legacy`, by the class names that its files hold: "RMSprop", "SGD", "Adam".
/// They are not known to `compile` by name; an optimizer is one of them if its `base().legacy_decay` is set.
Registry<Optimizer>& registry();

}  // namespace cornu::keras::optimizers::legacy
