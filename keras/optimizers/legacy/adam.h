#pragma once

#include <tuple>

#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct AdamConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< an older name of the same
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  std::string name = "Adam";
  double decay = 0;  ///< step t = 0, 1, … uses learning_rate / (1 + decay t)
  static constexpr double default_rate = 0.001;
  static constexpr bool is_legacy = true;
  static constexpr auto positional = std::tuple(&AdamConfig::learning_rate);
  void fields(ConfigVisitor& v);
  void check() const;
};

class CORNU_EXPORT AdamOptimizer : public Configured<AdamRule, AdamConfig> {
 public:
  explicit AdamOptimizer(AdamConfig config = {});

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
};

/// optimizers::Adam with Keras 2's time-based decay. An epsilon of 0 means 1e-7, as there. Keras 2:
/// `optimizers.legacy.Adam`.
using Adam = Handle<AdamOptimizer>;

}  // namespace cornu::keras::optimizers::legacy
