#pragma once

#include <optional>

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct SparseCategoricalCrossentropyConfig {
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  std::optional<int> ignore_class = std::nullopt;
  std::string reduction = "sum_over_batch_size";
  int axis = -1;  ///< the classes: only the last axis
  std::string name = "sparse_categorical_crossentropy";
  std::string dtype = {};  ///< "float32" or nothing

  void fields(ConfigVisitor& v) {
    v("from_logits", from_logits);
    v("ignore_class", ignore_class);
    reduction_field(v, reduction);
    v("axis", axis, {.only_keras3 = true});  // in Keras 2 always the last one
    v("name", name);
    v("dtype", dtype, {.only_read = true});
  }
};

/// -log(y_pred[label]): class numbers (…) or (…, 1), probabilities (or logits) (…, n) -> (…). Probabilities are clipped
/// to [1e-7, 1 - 1e-7]. Samples of `ignore_class` count nothing: a mean divides by the number of the others. A label
/// out of range gives NaN. Keras: `SparseCategoricalCrossentropy`. Throws ShapeError for shapes that do not fit,
/// ValueError for another axis than the last.
class CORNU_EXPORT SparseCategoricalCrossentropy : public Loss {
 public:
  SparseCategoricalCrossentropy(SparseCategoricalCrossentropyConfig config = {});  // NOLINT: from a config
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override;
  /// Every label must be a class number from 0 to n - 1, or the ignored class.
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const override;
  void fields(ConfigVisitor& v) override;

 private:
  SparseCategoricalCrossentropyConfig config_;
};

/// One value per sample: `sparse_categorical_crossentropy(y_true, y_pred, {.from_logits = true})`.
inline constexpr LossFunction<SparseCategoricalCrossentropy, SparseCategoricalCrossentropyConfig>
    sparse_categorical_crossentropy;

}  // namespace cornu::keras::losses
