#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct MeanSquaredErrorConfig {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_squared_error";
  std::string dtype = {};  ///< "float32" or nothing

  void fields(ConfigVisitor& v) {
    reduction_field(v, reduction);
    v("name", name);
    v("dtype", dtype, {.only_read = true});
  }
};

/// mean((y_true - y_pred)^2) over the last axis: (…, n), (…, n) -> (…). Keras: `MeanSquaredError`,
/// "mean_squared_error", "mse".
class CORNU_EXPORT MeanSquaredError : public Loss {
 public:
  MeanSquaredError(MeanSquaredErrorConfig config = {});  // NOLINT: from a config
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  void fields(ConfigVisitor& v) override;

 private:
  MeanSquaredErrorConfig config_;
};

/// One value per sample: `mean_squared_error(y_true, y_pred)`.
inline constexpr LossFunction<MeanSquaredError, MeanSquaredErrorConfig> mean_squared_error;

}  // namespace cornu::keras::losses
