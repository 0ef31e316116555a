#pragma once

#include "cornu/keras/optimizers/optimizer.h"

/// The arguments that end the config of every optimizer of Keras 2's.
#define CORNU_LEGACY_OPTIMIZER_ARGUMENTS(Config, default_name, default_decay) \
  std::optional<double> clipnorm = std::nullopt;                              \
  std::optional<double> clipvalue = std::nullopt;                             \
  std::optional<double> global_clipnorm = std::nullopt;                       \
  std::string name = default_name;                                            \
  double decay = default_decay;                                               \
  static constexpr bool is_legacy = true;                                     \
  using positional = ::cornu::keras::Positions<&Config::learning_rate>;       \
  void fields(::cornu::keras::ConfigVisitor& v);                              \
  ::cornu::keras::Made<::cornu::keras::optimizers::Optimizer, Config> make() const

/// The same for all whose rate decays: step t = 0, 1, … uses learning_rate / (1 + decay t).
#define CORNU_LEGACY_OPTIMIZER_CONFIG(Config, default_name) CORNU_LEGACY_OPTIMIZER_ARGUMENTS(Config, default_name, 0)

namespace cornu::keras::optimizers::legacy {

/// The optimizers of Keras 2's `optimizers.legacy`, by the class names that its files hold: "RMSprop", "SGD", "Adam",
/// …. They are not known to `compile` by name; an optimizer is one of them if its `base().legacy_decay` is set.
Registry<Optimizer>& registry();

}  // namespace cornu::keras::optimizers::legacy
