#pragma once

#include <type_traits>

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

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("beta_1", beta_1);
    v("beta_2", beta_2);
    v("epsilon", epsilon);
    v("amsgrad", amsgrad);
    v("clipnorm", clipnorm, {.unless_null = true});
    v("clipvalue", clipvalue, {.unless_null = true});
    v("global_clipnorm", global_clipnorm, {.unless_null = true});
    v("name", name);
    v("decay", decay);
    bool legacy = true;
    v("is_legacy_optimizer", legacy, {.only_read = true});
  }
};

class CORNU_EXPORT AdamOptimizer : public optimizers::AdamOptimizer {
 public:
  explicit AdamOptimizer(AdamConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  void add_slots(const std::vector<Variable>& variables) override;

 private:
  AdamConfig config_;
};

/// optimizers::Adam with Keras 2's time-based decay. An epsilon of 0 means 1e-7, as there. Keras 2:
/// `optimizers.legacy.Adam`.
class Adam : public Handle<AdamOptimizer, AdamConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit Adam(T learning_rate) : Handle(AdamConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers::legacy
