#pragma once

#include <optional>

#include "cornu/keras/layers/rnn/cell.h"

namespace cornu::keras::layers::internal {

struct StepsConfig {
  bool go_backwards = false;          ///< from the last step to the first; outputs come in that order
  bool return_all_outputs = false;    ///< else the last one
  bool zero_output_for_mask = false;  ///< in a masked step; else the output of the step before, at first zeros
  Tensor mask = {};                   ///< (steps, batch), bool: a step where it is false leaves the states as they are
  /// What a step gives, if steps may run as a loop of the graph, in which `step` is called once.
  std::optional<Spec> loop = std::nullopt;
};

struct StepsResult {
  Tensor output;  ///< (steps, batch, …), or (batch, …)
  Tensors states;
};

/// Calls `step` on each step of a sequence (steps, batch, …), handing the states on. What else the step reads it
/// captures. Throws ShapeError for a sequence without steps, ValueError if a step gives another number of states. The
/// meaning is that of Keras' `backend.rnn`.
///
/// While shapes are looked for (Probe) a single step is described, for no shape depends on how many there are.
StepsResult run_steps(const StepFunction& step, const Tensor& sequence, const Tensors& initial_states,
                      const StepsConfig& config);

}  // namespace cornu::keras::layers::internal
