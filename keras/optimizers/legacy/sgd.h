#pragma once

#include <tuple>

#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/optimizers/sgd.h"

namespace cornu::keras::optimizers::legacy {

struct SGDConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.01
  std::optional<LearningRate> lr = std::nullopt;             ///< an older name of the same
  double momentum = 0;
  bool nesterov = false;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  std::string name = "SGD";
  double decay = 0;  ///< step t = 0, 1, … uses learning_rate / (1 + decay t)
  static constexpr double default_rate = 0.01;
  static constexpr bool is_legacy = true;
  static constexpr auto positional = std::tuple(&SGDConfig::learning_rate);
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
