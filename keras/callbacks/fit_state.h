#pragma once

#include <cstdint>
#include <functional>

#include "cornu/keras/state.h"

namespace cornu::keras {

/// A fit as something that can be put down and taken up again: where it is, and all that it changes. `fit` hands it to
/// callbacks where it is whole, which is when every callback was told of the same things (`Callback::resume` and
/// `Callback::checkpoint`).
///
/// `state` visits the position (epoch, batch, pass over the data), the process' stream of seeds, the history so far,
/// and the states of the model, its optimizer, the metrics (within an epoch), the data and the callbacks.
class CORNU_EXPORT FitState {
 public:
  virtual ~FitState();
  /// The epoch at work, from 0; between two epochs the next one.
  virtual int epoch() const = 0;
  /// Batches of this epoch that were trained with; 0 between two epochs.
  virtual std::int64_t batch() const = 0;
  /// Whether nothing remains to be trained: the last epoch is over, or `stop_training` was set and its epoch is over.
  virtual bool finished() const = 0;
  virtual void state(StateVisitor& v) = 0;
  /// To be called in `resume`, after a visitor has read another run's state into this one: the fit goes on from there.
  /// What is made while the first training step is described (metrics that depend on shapes, slots of optimizers within
  /// a step of one's own) was not there to be visited yet; `when_built` is called once it is, before that step runs.
  virtual void go_on(std::function<void()> when_built) = 0;
};

}  // namespace cornu::keras
