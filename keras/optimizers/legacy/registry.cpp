#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

Registry<Optimizer>& registry() {
  static Registry<Optimizer> registry(
      "legacy optimizer", {.module = "keras.optimizers.legacy", .registry = "optimizers::legacy::registry()"});
  return registry;
}

}  // namespace cornu::keras::optimizers::legacy
