#pragma once

#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/optimizers/optimizer.h"
#include "cornu/keras/saving/internal/json_reader.h"

namespace cornu::keras::saving::internal {

/// As Keras 2.15's training_config holds them. All throw ValueError for what it does not have or would compute
/// otherwise.
Json keras2_loss(const losses::Loss& loss);
Json keras2_metric(const metrics::Metric& metric);
Json keras2_optimizer(const optimizers::Optimizer& optimizer);

/// As Keras 3's compile_config holds a loss, a metric or an optimizer: an object, or the name alone of what stands for
/// another class. Throws ValueError for what it does not have.
Json keras3_object(const Object& object);
Json keras3_optimizer(const optimizers::Optimizer& optimizer);

/// The name under which Keras 2.15 keeps an optimizer's slots, "RMSprop". For Keras' own classes it is the class, since
/// Keras 3.15 looks for the class of a Keras 2 file's optimizer by that name.
std::string keras2_optimizer_name(const optimizers::Optimizer& optimizer);

}  // namespace cornu::keras::saving::internal
