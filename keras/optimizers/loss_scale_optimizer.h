#pragma once

#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras::optimizers {

struct LossScaleOptimizerConfig {
  Arg<Optimizer> inner_optimizer = {};  ///< required
  double initial_scale = 32768;
  int dynamic_growth_steps = 2000;
  std::string name = "loss_scale_optimizer";

  using positional = Positions<&LossScaleOptimizerConfig::inner_optimizer>;
  void fields(ConfigVisitor& v);
  void check() const;
  Made<Optimizer, LossScaleOptimizerConfig> make() const;
};

/// Wraps an optimizer: the loss is multiplied by a scale before gradients are taken of it, and the gradients are
/// divided by it, so that small ones do not vanish in a short floating type. A step with a gradient that is infinite or
/// no number changes nothing and halves the scale; after dynamic_growth_steps steps in a row without one the scale
/// doubles. The step count and the learning rate are the inner optimizer's. Keras: `LossScaleOptimizer` (Micikevicius
/// et al. 2017, arXiv:1710.03740).
///
///     network.compile({.optimizer = optimizers::LossScaleOptimizer(optimizers::Adam(0.01)), .loss = "mse"});
///
/// Float32 and bfloat16 have the same range of exponents: with either it guards against single steps that would spoil
/// the weights. A loss_scale_factor of the inner optimizer is not used. Its `variables` are, as in Keras, the step
/// count and learning rate of its own, which stay 0, "step_counter" (int64), "dynamic_scale" (float32), and the inner
/// optimizer's. Files of Keras 2 hold those of the inner one alone. Throws ValueError without an inner optimizer, for
/// one that wraps another, for an initial_scale that is not a finite number above 0, and dynamic_growth_steps below 1.
using LossScaleOptimizer = Optimizer::Of<LossScaleOptimizerConfig>;

}  // namespace cornu::keras::optimizers
