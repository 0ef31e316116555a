#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct MeanAbsoluteErrorConfig {
  std::string reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_error";
  std::string dtype = {};  ///< "float32" or nothing

  void fields(ConfigVisitor& v) {
    reduction_field(v, reduction);
    v("name", name);
    v("dtype", dtype, {.only_read = true});
  }
};

/// mean(|y_true - y_pred|) over the last axis: (…, n), (…, n) -> (…). Keras: `MeanAbsoluteError`,
/// "mean_absolute_error", "mae".
class CORNU_EXPORT MeanAbsoluteError : public Loss {
 public:
  MeanAbsoluteError(MeanAbsoluteErrorConfig config = {});  // NOLINT: from a config
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  void fields(ConfigVisitor& v) override;

 private:
  MeanAbsoluteErrorConfig config_;
};

/// One value per sample: `mean_absolute_error(y_true, y_pred)`.
inline constexpr LossFunction<MeanAbsoluteError, MeanAbsoluteErrorConfig> mean_absolute_error;

}  // namespace cornu::keras::losses
