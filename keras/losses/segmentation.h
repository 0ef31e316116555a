#pragma once

#include "cornu/keras/axes.h"
#include "cornu/keras/losses/loss.h"

namespace cornu::keras::losses {

// How little areas overlap, from 0 to 1: targets of 0 and 1 and predictions from 0 to 1, of one shape, such as
// (samples, height, width, 1). Without `axis` all elements are one area, and the loss is one number; with
// `.axis = {1, 2, 3}` there is one for each sample, as sample weights need it. Throw ShapeError for an axis that there
// is not and for shapes that do not broadcast.

struct DiceConfig {
  std::string reduction = "sum_over_batch_size";
  std::string name = "dice";
  AxesOrAll axis = {};
  std::string dtype = {};  ///< "float32" or nothing
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred) const;
};

/// 1 - 2 sum(y_true y_pred) / (sum(y_true) + sum(y_pred) + 1e-7). Keras 3: `Dice`, "dice".
using Dice = LossOf<DiceConfig>;
/// Not reduced: `dice(y_true, y_pred, {.axis = {1, 2, 3}})`.
inline constexpr LossFunction<Dice> dice;

struct TverskyConfig {
  double alpha = 0.5;  ///< what the part of the target counts that is not predicted (Keras says: false positives)
  double beta = 0.5;   ///< what is predicted beside it
  std::string reduction = "sum_over_batch_size";
  std::string name = "tversky";
  AxesOrAll axis = {};
  std::string dtype = {};  ///< "float32" or nothing
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred) const;
};

/// 1 - s / (s + alpha a + beta b + 1e-7) with s = sum(y_true y_pred), a = sum(y_true (1 - y_pred)) and
/// b = sum((1 - y_true) y_pred): Dice, if both are 0.5. Salehi et al., Tversky loss function for image segmentation
/// (2017). Keras 3: `Tversky`, "tversky".
using Tversky = LossOf<TverskyConfig>;
inline constexpr LossFunction<Tversky> tversky;

}  // namespace cornu::keras::losses
