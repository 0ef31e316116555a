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

  using positional = Positions<&CosineDecayConfig::initial_learning_rate, &CosineDecayConfig::decay_steps>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& step) const;
};

/// Half a cosine from the initial rate (from warmup_target, if there is a warm-up) to `alpha` times it within
/// decay_steps, after a linear rise from initial_learning_rate to warmup_target within warmup_steps. Keras:
/// `CosineDecay` (Loshchilov and Hutter 2016, arXiv:1608.03983). Throws ValueError unless the first two arguments are
/// given and decay_steps > 0.
using CosineDecay = LearningRateSchedule::Of<CosineDecayConfig>;

struct CosineDecayRestartsConfig {
  double initial_learning_rate = kRequired;
  std::int64_t first_decay_steps = 0;  ///< required
  double t_mul = 2;
  double m_mul = 1;
  double alpha = 0;
  std::string name = "SGDRDecay";

  using positional =
      Positions<&CosineDecayRestartsConfig::initial_learning_rate, &CosineDecayRestartsConfig::first_decay_steps>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& step) const;
};

/// Half a cosine from the initial rate to `alpha` times it within first_decay_steps, then again and again: each time
/// t_mul times as long, from a rate m_mul times as high. Keras: `CosineDecayRestarts` (Loshchilov and Hutter 2016,
/// arXiv:1608.03983). Throws ValueError unless the first two arguments are given, first_decay_steps > 0 and t_mul > 0.
using CosineDecayRestarts = LearningRateSchedule::Of<CosineDecayRestartsConfig>;

}  // namespace cornu::keras::schedules
