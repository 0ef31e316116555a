#pragma once

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct CosineDecayRestartsConfig {
  double initial_learning_rate = kRequired;
  std::int64_t first_decay_steps = 0;  ///< required
  double t_mul = 2;
  double m_mul = 1;
  double alpha = 0;
  std::string name = "SGDRDecay";

  void fields(ConfigVisitor& v) {
    v("initial_learning_rate", initial_learning_rate);
    v("first_decay_steps", first_decay_steps);
    v("t_mul", t_mul);
    v("m_mul", m_mul);
    v("alpha", alpha);
    v("name", name);
  }
};

/// Half a cosine from the initial rate to `alpha` times it within first_decay_steps, then again and again: each time
/// t_mul times as long, from a rate m_mul times as high. Keras: `CosineDecayRestarts` (Loshchilov and Hutter 2016,
/// arXiv:1608.03983). Throws ValueError unless the first two arguments are given, first_decay_steps > 0 and t_mul > 0.
class CORNU_EXPORT CosineDecayRestarts : public LearningRateSchedule {
 public:
  explicit CosineDecayRestarts(CosineDecayRestartsConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  CosineDecayRestartsConfig config_;
};

}  // namespace cornu::keras::schedules
