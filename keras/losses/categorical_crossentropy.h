#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct CategoricalCrossentropyConfig {
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  std::string reduction = "sum_over_batch_size";
  std::string name = "categorical_crossentropy";
  std::string dtype = {};  ///< "float32" or nothing

  void fields(ConfigVisitor& v) {
    v("from_logits", from_logits);
    v("label_smoothing", label_smoothing);
    v("axis", axis);
    reduction_field(v, reduction);
    v("name", name);
    v("dtype", dtype, {.only_read = true});
  }
};

/// -sum(y_true * log(y_pred)) over the classes: (…, n) one-hot or probabilities, (…, n) probabilities (or logits) ->
/// (…). Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7]. `label_smoothing` s makes targets y (1
/// - s) + s / n. Keras: `CategoricalCrossentropy`. Throws ShapeError for different shapes, ValueError for a label
/// smoothing outside [0, 1].
class CORNU_EXPORT CategoricalCrossentropy : public Loss {
 public:
  CategoricalCrossentropy(CategoricalCrossentropyConfig config = {});  // NOLINT: from a config
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  void fields(ConfigVisitor& v) override;

 private:
  CategoricalCrossentropyConfig config_;
};

/// One value per sample: `categorical_crossentropy(y_true, y_pred, {.from_logits = true})`.
inline constexpr LossFunction<CategoricalCrossentropy, CategoricalCrossentropyConfig> categorical_crossentropy;

}  // namespace cornu::keras::losses
