#include "cornu/keras/optimizers/adamw.h"

namespace cornu::keras::optimizers {

static const bool registered =
    registry().add<AdamWOptimizer, AdamWConfig>("AdamW", {"adamw"}, {.keras2_package = "Custom"});

namespace {

AdamConfig adam_config(const AdamWConfig& c) {
  graph::require<graph::ValueError>(c.weight_decay.has_value(), "[AdamW] needs `weight_decay`, a number");
  return {.learning_rate = c.learning_rate,
          .lr = c.lr,
          .beta_1 = c.beta_1,
          .beta_2 = c.beta_2,
          .epsilon = c.epsilon,
          .amsgrad = c.amsgrad,
          .weight_decay = c.weight_decay,
          .clipnorm = c.clipnorm,
          .clipvalue = c.clipvalue,
          .global_clipnorm = c.global_clipnorm,
          .use_ema = c.use_ema,
          .ema_momentum = c.ema_momentum,
          .ema_overwrite_frequency = c.ema_overwrite_frequency,
          .loss_scale_factor = c.loss_scale_factor,
          .gradient_accumulation_steps = c.gradient_accumulation_steps,
          .name = c.name,
          .decay = c.decay};
}

}  // namespace

AdamWOptimizer::AdamWOptimizer(AdamWConfig config)
    : AdamOptimizer("AdamW", adam_config(config)), config_(std::move(config)) {}

void AdamWOptimizer::fields(ConfigVisitor& v) { visit(config_, v); }

}  // namespace cornu::keras::optimizers
