#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cornu/keras/layers/rnn/cell.h"
#include "cornu/keras/layers/weight_arguments.h"

// The arguments of recurrent layers, in parts, for between them come others'.

/// What Keras' signatures have in front of `unroll`, and it.
#define CORNU_RECURRENT_ARGUMENTS \
  bool return_sequences = false;  \
  bool return_state = false;      \
  bool go_backwards = false;      \
  bool stateful = false;          \
  bool unroll = false
/// What Keras takes by name: `time_major` (of Keras 2) has the steps in front of the batch, in inputs, outputs and
/// masks.
#define CORNU_RECURRENT_ARGUMENTS_BY_NAME \
  bool zero_output_for_mask = false;      \
  bool time_major = false
/// The arguments of the weights of a layer with a kernel for its input and one for its state.
#define CORNU_RECURRENT_INITIALIZERS                                                                    \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> kernel_initializer = "glorot_uniform"; \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> recurrent_initializer = "orthogonal";  \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> bias_initializer = "zeros"
/// The arguments in front of the regularizers of a layer with gates.
#define CORNU_GATED_ARGUMENTS                                                                    \
  ::cornu::keras::Arg<::cornu::keras::activations::Activation> activation = "tanh";              \
  ::cornu::keras::Arg<::cornu::keras::activations::Activation> recurrent_activation = "sigmoid"; \
  bool use_bias = true;                                                                          \
  CORNU_RECURRENT_INITIALIZERS
#define CORNU_RECURRENT_REGULARIZERS                                                              \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> kernel_regularizer = nullptr;    \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> recurrent_regularizer = nullptr; \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> bias_regularizer = nullptr
#define CORNU_RECURRENT_CONSTRAINTS                                                                     \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> kernel_constraint = nullptr;             \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> recurrent_constraint = nullptr;          \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> bias_constraint = nullptr;               \
  double dropout = 0;          /* the share of the inputs that training drops, the same in each step */ \
  double recurrent_dropout = 0 /* the same of the state as the kernels read it */
#define CORNU_ACTIVITY_REGULARIZER \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> activity_regularizer = nullptr

namespace cornu::keras::layers {

/// The arguments that all recurrent layers have.
struct RecurrentArguments {
  bool return_sequences = false, return_state = false, go_backwards = false, stateful = false, unroll = false,
       zero_output_for_mask = false, time_major = false;

  template <class Config>
  static RecurrentArguments of(const Config& c) {
    if constexpr (requires { c.return_sequences; })
      return {c.return_sequences, c.return_state,         c.go_backwards, c.stateful,
              c.unroll,           c.zero_output_for_mask, c.time_major};
    else
      return {};
  }
};

/// What LSTM, GRU, RNN and the other layers of this folder have in common: a cell that is called for each step of a
/// sequence (batch, steps, …).
///
/// - `return_sequences`: the outputs of all steps (batch, steps, …) instead of the last one (batch, …).
/// - `return_state`: behind the output come the states: `auto [y, h, c] = lstm(x).get<3>()`.
/// - `go_backwards`: from the last step to the first; the outputs come in that order.
/// - `stateful`: a batch goes on with the states that the one before ended with, sample by sample, in training,
///   evaluate and predict. Needs the batch's size when it is built: `Input({.shape = {10, 1}, .batch_size = 32})`.
/// - `unroll`: needs a known number of steps; the same is computed.
/// - `zero_output_for_mask`: the output of a masked step is zeros instead of that of the step before.
/// - A mask (batch, steps), of the input or of the call: a masked step leaves the states as they are. It is handed on
///   with return_sequences.
/// - The states to start from are given with a call: `lstm(x, {.initial_state = {h, c}})`, or, as in Keras 2, behind
/// the
///   input: `lstm({x, h, c})`.
///
/// Throws ValueError and ShapeError, when the layer is built or called in a graph of layers, for a stateful layer
/// without a batch's size, unroll without a number of steps, another number of states, states or a mask of other
/// shapes.
class CORNU_EXPORT Recurrent : public Layer {
 public:
  template <class Config>
  Recurrent(FromConfig, const Config& config)
      : Layer(FromConfig(), config), arguments_(RecurrentArguments::of(config)) {
    set_supports_masking(true);
  }

  const RecurrentArguments& arguments() const { return arguments_; }
  /// The cell; empty of a Bidirectional, which has two layers.
  const Shared<Cell>& cell() const { return cell_; }

  /// What the states are now, of a stateful layer that is built; else none.
  std::vector<Array> states() const;
  /// Sets the states to zero, or to the given values. Before the layer is built there is nothing to be done. Throws
  /// ValueError unless it is stateful, and for another number of states, ShapeError for another shape.
  void reset_state(const std::vector<Array>& values = {});
  /// The same by Keras 2's name.
  void reset_states(const std::vector<Array>& values = {}) { reset_state(values); }

  /// The same layer anew, not built, by another name and perhaps in the other direction. Throws ValueError if its cell
  /// is of a class that is not registered.
  virtual std::shared_ptr<Recurrent> copy(const std::string& name, bool go_backwards) const = 0;

  bool needs_batch() const override { return arguments_.stateful || Layer::needs_batch(); }
  void prepare_use(Use& use) const override;
  void build_all(const Shapes& inputs) override;
  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;
  void state(StateVisitor& v) override;

  /// Throws unless such states can be given with a call on such an input, none being always right.
  virtual void require_states(const Shape& input, const Shapes& states) const;
  /// The variables that keep the states of a stateful layer that is built.
  virtual std::vector<Variable> state_variables() const { return states_; }
  /// Of a Bidirectional: the outputs of masked steps are zeros, since it lays two directions side by side.
  void set_zero_output_for_mask(bool zero) { arguments_.zero_output_for_mask = zero; }

 protected:
  void set_cell(Shared<Cell> cell);
  void forget() override { states_.clear(); }
  /// The states that a call gives, by name or behind the input.
  static Tensors given_states(const Inputs& inputs);
  RecurrentArguments arguments_;

 private:
  Shape step_of(const Shape& sequence) const;
  Tensors first_states(const Inputs& inputs, const Shape& step) const;
  Shared<Cell> cell_;
  std::vector<Variable> states_;
};

/// The name that users write for a recurrent layer: `using LSTM = RecurrentOf<LSTMConfig>`.
template <class Config>
using RecurrentOf = Handle<Configured<Recurrent, Config>, Config>;

/// Sets the states of a stateful recurrent layer to zero, and those of all such layers inside of another one.
CORNU_EXPORT void reset_states(Layer& layer);

}  // namespace cornu::keras::layers
