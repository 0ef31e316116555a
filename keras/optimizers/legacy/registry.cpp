#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

Registry<Optimizer>& registry() {
  static Registry<Optimizer> registry("legacy optimizer");
  return registry;
}

}  // namespace cornu::keras::optimizers::legacy
