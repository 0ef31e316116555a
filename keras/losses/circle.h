#pragma once

#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

struct CircleConfig {
  double gamma = 80;            ///< the scale of similarities
  double margin = 0.4;          ///< the distance at which similarities begin to count more or less
  bool remove_diagonal = true;  ///< a sample is no other one of its own class
  CORNU_LOSS_CONFIG("circle");
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const;
};

/// Brings samples of one class together and drives other ones apart: class numbers (batch,) or (batch, 1), embeddings
/// of length 1 (batch, features) -> (batch,), log(1 + sum(exp(gamma p)) sum(exp(gamma n))), where p and n are weighted
/// similarities of the sample to each other one of its class and of other classes. As in Keras a mean is taken of the
/// samples whose loss is above 0. A sample without others of its class, or of other classes, has a loss and a gradient
/// of 0. Sun et al., Circle Loss: A Unified Perspective of Pair Similarity Optimization (2020). Keras 3: `Circle`,
/// "circle". Throws ShapeError for other shapes.
using Circle = LossOf<CircleConfig>;
/// One value per sample: `circle(y_true, y_pred, {.gamma = 64})`.
inline constexpr LossFunction<Circle> circle;

}  // namespace cornu::keras::losses
