#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct CTCConfig {
  CORNU_LOSS_CONFIG("ctc");
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const;
};

/// Connectionist temporal classification, for sequences of which it is not known when each label is said (see
/// ops::ctc_loss): labels (batch, labels) from 1 on, each row filled up with 0, and logits (batch, steps, classes), of
/// which class 0 is the blank -> (batch,). Infinite where there are too few steps for the labels. Keras 3: `CTC`,
/// "ctc". Throws ShapeError for other shapes, ValueError for labels that are no class.
using CTC = LossOf<CTCConfig>;
inline constexpr LossFunction<CTC> ctc;

}  // namespace cornu::keras::losses
