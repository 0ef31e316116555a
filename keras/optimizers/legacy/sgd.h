#pragma once

#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/optimizers/sgd.h"

namespace cornu::keras::optimizers::legacy {

struct SGDConfig {
  CORNU_LEARNING_RATE_ARGUMENTS(0.01);
  double momentum = 0;
  bool nesterov = false;
  CORNU_LEGACY_OPTIMIZER_ARGUMENTS("SGD");
  using positional = Positions<&SGDConfig::learning_rate>;
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT SGDOptimizer : public Configured<SGDRule, SGDConfig> {
 public:
  using Configured::Configured;
};

/// optimizers::SGD with Keras 2's time-based decay. Keras 2: `optimizers.legacy.SGD`.
using SGD = Handle<SGDOptimizer>;

}  // namespace cornu::keras::optimizers::legacy
