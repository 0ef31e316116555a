#pragma once

#include <memory>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct SwapEMAWeightsConfig {
  bool swap_on_epoch = false;  ///< the averages are in the model from each epoch's end to the next one's begin
  std::shared_ptr<Callback> make() const;
};

/// Evaluates (and validates and predicts) with the moving averages of the weights instead of the weights themselves,
/// for an optimizer with `use_ema` (Keras' SwapEMAWeights). With `swap_on_epoch`, callbacks behind it in the list see
/// the averages at the end of an epoch, too: ModelCheckpoint saves them. Throws ValueError if the optimizer keeps none.
///
///     model.compile({.optimizer = optimizers::Adam({.use_ema = true}), .loss = "mse"});
///     model.fit(x, y, {.callbacks = {callbacks::SwapEMAWeights(), …}, .validation_split = 0.1});
///
/// Also where training ends before its last epoch, and after a prediction, everything is where it belongs (in
/// Keras 3.15 it is not).
using SwapEMAWeights = Handle<Callback, SwapEMAWeightsConfig>;

}  // namespace cornu::keras::callbacks
