#pragma once

#include <type_traits>

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

  void fields(ConfigVisitor& v) {
    v("learning_rate", learning_rate);
    v("lr", lr, {.only_read = true});
    v("momentum", momentum);
    v("nesterov", nesterov);
    v("clipnorm", clipnorm, {.unless_null = true});
    v("clipvalue", clipvalue, {.unless_null = true});
    v("global_clipnorm", global_clipnorm, {.unless_null = true});
    v("name", name);
    v("decay", decay);
    bool legacy = true;
    v("is_legacy_optimizer", legacy, {.only_read = true});
  }
};

class CORNU_EXPORT SGDOptimizer : public optimizers::SGDOptimizer {
 public:
  explicit SGDOptimizer(SGDConfig config = {});
  void fields(ConfigVisitor& v) override;

 protected:
  void add_slots(const std::vector<Variable>& variables) override;

 private:
  SGDConfig config_;
};

/// optimizers::SGD with Keras 2's time-based decay. Keras 2: `optimizers.legacy.SGD`.
class SGD : public Handle<SGDOptimizer, SGDConfig> {
 public:
  using Handle::Handle;
  template <class T>
  requires std::is_arithmetic_v<T>  // `{}` is no number
  explicit SGD(T learning_rate) : Handle(SGDConfig{.learning_rate = static_cast<double>(learning_rate)}) {}
};

}  // namespace cornu::keras::optimizers::legacy
