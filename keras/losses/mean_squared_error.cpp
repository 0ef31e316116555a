#include "cornu/keras/losses/mean_squared_error.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {

static const bool registered =
    registry().add<MeanSquaredError, MeanSquaredErrorConfig>("MeanSquaredError", {"mean_squared_error", "mse", "MSE"});

MeanSquaredError::MeanSquaredError(MeanSquaredErrorConfig config)
    : Loss(config.reduction, config.name), config_(std::move(config)) {
  require_float32("MeanSquaredError", config_.dtype);
  config_.reduction = reduction();
}

void MeanSquaredError::fields(ConfigVisitor& v) { config_.fields(v); }

Tensor MeanSquaredError::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return ops::mean(ops::square(t - p), -1);
}

}  // namespace cornu::keras::losses
