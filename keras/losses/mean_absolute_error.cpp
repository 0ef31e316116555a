#include "cornu/keras/losses/mean_absolute_error.h"

#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {

static const bool registered = registry().add<MeanAbsoluteError, MeanAbsoluteErrorConfig>(
    "MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"});

MeanAbsoluteError::MeanAbsoluteError(MeanAbsoluteErrorConfig config)
    : Loss(config.reduction, config.name), config_(std::move(config)) {
  require_float32("MeanAbsoluteError", config_.dtype);
  config_.reduction = reduction();
}

void MeanAbsoluteError::fields(ConfigVisitor& v) { config_.fields(v); }

Tensor MeanAbsoluteError::call(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  return ops::mean(ops::abs(t - p), -1);
}

}  // namespace cornu::keras::losses
