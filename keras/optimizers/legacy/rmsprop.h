#pragma once

#include <type_traits>

#include "cornu/keras/optimizers/legacy/registry.h"

namespace cornu::keras::optimizers::legacy {

struct RMSpropConfig {
  std::optional<LearningRate> learning_rate = std::nullopt;  ///< 0.001
  std::optional<LearningRate> lr = std::nullopt;             ///< an older name of the same
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> clipnorm = std::nullopt;
  std::optional<double> clipvalue = std::nullopt;
  std::optional<double> global_clipnorm = std::nullopt;
  std::string name = "RMSprop";
  double decay = 0;  ///< step t = 0, 1, … uses learning_rate / (1 + decay t)

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("rho", rho);
    v("momentum", momentum);
    v("epsilon", epsilon);
    v("centered", centered);
    v("clipnorm", clipnorm, {.unless_null = true});
    v("clipvalue", clipvalue, {.unless_null = true});
    v("global_clipnorm", global_clipnorm, {.unless_null = true});
    v("name", name);
    v("decay", decay);
    bool legacy = true;
    v("is_legacy_optimizer", legacy, {.only_read = true});
  }
};

class CORNU_EXPORT RMSpropOptimizer : public Optimizer {
 public:
  explicit RMSpropOptimizer(RMSpropConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  void add_slots(const std::vector<Variable>& variables) override;
  Tensor step(const Step& s) override;

 private:
  RMSpropConfig config_;
};

/// RMSprop as it was in Keras 2: v = rho v + (1 - rho) g^2, w -= rate * g / (sqrt(v) + epsilon), epsilon outside of the
/// root; but with momentum m u = m u + rate * g / sqrt(v + epsilon), w -= u. Centered: v minus the square of the
/// gradients' moving mean. An epsilon of 0 means 1e-7. Keras 2: `optimizers.legacy.RMSprop`. Throws ValueError for rho
/// or momentum outside [0, 1], a negative epsilon, and see Optimizer.
class RMSprop : public Handle<RMSpropOptimizer, RMSpropConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit RMSprop(T learning_rate) : Handle(RMSpropConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers::legacy
