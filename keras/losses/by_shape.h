#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

/// "crossentropy" and "ce": binary crossentropy if the last axis of the predictions has length 1, sparse categorical
/// crossentropy if targets are class numbers (of lower rank, or with a last axis of 1), else categorical crossentropy.
/// For files see `resolve`.
class CORNU_EXPORT Crossentropy : public Loss {
 public:
  Crossentropy() : Loss("sum_over_batch_size", "crossentropy") {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override;
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const override;
};

/// What kind of classes such targets and outputs tell of, as Keras decides for "accuracy" and "crossentropy".
enum class Labels { binary, sparse, categorical };
Labels labels_of(const graph::Shape& y_true, const graph::Shape& y_pred);

}  // namespace cornu::keras::losses
