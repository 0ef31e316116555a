#pragma once

#include <optional>

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct CosineDecayConfig {
  double initial_learning_rate = kRequired;
  std::int64_t decay_steps = 0;  ///< required
  double alpha = 0;
  std::string name = "CosineDecay";
  std::optional<double> warmup_target = std::nullopt;  ///< no warm-up without it
  std::int64_t warmup_steps = 0;

  void fields(ConfigVisitor& v) {
    v("initial_learning_rate", initial_learning_rate);
    v("decay_steps", decay_steps);
    v("alpha", alpha);
    v("name", name);
    v("warmup_target", warmup_target);
    v("warmup_steps", warmup_steps);
  }
};

/// Half a cosine from the initial rate (from warmup_target, if there is a warm-up) to `alpha` times it within
/// decay_steps, after a linear rise from initial_learning_rate to warmup_target within warmup_steps. Keras:
/// `CosineDecay` (Loshchilov and Hutter 2016, arXiv:1608.03983). Throws ValueError unless the first two arguments are
/// given and decay_steps > 0.
class CORNU_EXPORT CosineDecay : public LearningRateSchedule {
 public:
  explicit CosineDecay(CosineDecayConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  CosineDecayConfig config_;
};

}  // namespace cornu::keras::schedules
