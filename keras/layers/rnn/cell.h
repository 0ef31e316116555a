#pragma once

#include <functional>
#include <vector>

#include "cornu/keras/layers/layer.h"

/// The arguments that end the config of a layer of some kind, Recurrent or Cell, and `make`, which its source defines
/// with CORNU_LAYER_OF_KIND.
#define CORNU_CONFIG_OF_KIND(Kind, Config)       \
  CORNU_LAYER_ARGUMENTS;                         \
  void fields(::cornu::keras::ConfigVisitor& v); \
  ::cornu::keras::Made<Kind, Config> make() const

/// Of such a layer what CORNU_LAYER is of others.
#define CORNU_LAYER_OF_KIND(Kind, Config, Class, ...)                                                \
  ::cornu::keras::Made<Kind, Config> Config::make() const { return std::make_shared<Class>(*this); } \
  [[maybe_unused]] static const bool Config##_registered = ::cornu::keras::layers::registry().add<Class>(__VA_ARGS__)

namespace cornu::keras::layers {

/// What one step gives: an output, and as many states as it was given.
struct CellOutput {
  Tensor output;
  Tensors states;
};
using StepFunction = std::function<CellOutput(const Tensor& x, const Tensors& states)>;

/// How the steps of one call are computed.
struct CellSteps {
  /// What can be computed for all steps at once: of a sequence (steps, batch, …) what `step` is given for each of them,
  /// of a single step (batch, …) likewise. Empty: the input itself.
  std::function<Tensor(const Tensor& x)> prepare;
  StepFunction step;
};

/// What a recurrent layer computes in each step. Deriving from it makes a cell of one's own, for `layers::RNN`:
///
///     struct MinimalCell : layers::Cell {
///       int units = 8;
///       Variable kernel, recurrent_kernel;
///       std::vector<int> state_size() const override { return {units}; }
///       void build(const Shape& input) override {
///         kernel = add_weight({.name = "kernel", .shape = {input.back(), units}});
///         recurrent_kernel = add_weight({.name = "recurrent_kernel", .shape = {units, units}});
///       }
///       layers::CellOutput step(const Tensor& x, const Tensors& states, Context&) override {
///         const Tensor y = ops::matmul(x, kernel) + ops::matmul(states[0], recurrent_kernel);
///         return {y, {y}};
///       }
///     };
///     auto y = layers::RNN(MinimalCell())(x);
///
/// A cell is a layer of its own, too: called on an input and its states it gives the output and the new states,
/// `auto [y, state] = cell({x, state}).get<2>()`. Keras: what `layers.RNN` takes as its `cell`.
class CORNU_EXPORT Cell : public Layer {
 public:
  explicit Cell(LayerConfig config = {}) : Layer(std::move(config)) {}
  template <class Config>
  Cell(FromConfig, const Config& config) : Cell(LayerConfig::of(config)) {}

  /// The lengths of the states, each (batch, length). A cell whose states have other axes overrides `state_shapes`.
  virtual std::vector<int> state_size() const;
  /// The shapes of the states for one step's input (batch, …), whose batch may be kUnknown.
  virtual Shapes state_shapes(const Shape& input) const;
  /// What the first step starts from unless the call says otherwise: by default zeros.
  virtual Tensors initial_states(const Shape& input, DType dtype) const;

  /// One step. Throws ValueError unless this or `begin` is overridden.
  virtual CellOutput step(const Tensor& x, const Tensors& states, Context& ctx);
  /// Begins a call on a sequence, of whose steps each has an input of that shape (batch, …): by default with `step` for
  /// each. A cell overrides it to compute a part for all steps at once, or to draw random numbers that hold for all.
  virtual CellSteps begin(const Shape& input, Context& ctx);

  /// One step: inputs are x and the states. Throws ValueError for another number of states, ShapeError for other
  /// shapes.
  Tensors call_all(const Inputs& inputs, Context& ctx) final;
  Specs compute_output_specs(const Specs& inputs) override;
  void prepare_use(Use& use) const override;

  /// Describes a part of a call, for layers that are made of cells: what `part` reads of weights comes in the cell's
  /// dtype, nodes and errors are named after it, and the losses of its weights' regularizers are added. `begin` and
  /// what it gives are called so.
  void within_call(Context& ctx, const std::function<void()>& part) const;
  /// Throws unless these can be its states for such an input, naming `whose`.
  void require_states(const std::string& whose, const Shape& input, const Shapes& states) const;
};

/// The name that users write for a cell: `using LSTMCell = CellOf<LSTMCellConfig>`.
template <class Config>
using CellOf = Handle<Configured<Cell, Config>, Config>;

}  // namespace cornu::keras::layers
