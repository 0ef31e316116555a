#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/keras/layers/rnn/recurrent.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/select.h"

// What the cells with a kernel for their input and one for their state have in common, and the layers of such cells.

namespace cornu::keras::layers::internal {

/// Reads the input's shape as Keras 1 wrote it for sequences.
void read_sequence_input(ConfigVisitor& v, Shape& input_shape);

/// Visits the arguments of recurrent layers, which stand in front of their cell's.
template <class Config>
void visit_recurrent(Config& c, ConfigVisitor& v) {
  v("return_sequences", c.return_sequences);
  v("return_state", c.return_state);
  v("go_backwards", c.go_backwards);
  v("stateful", c.stateful);
  v("unroll", c.unroll);
  // Both Kerases take what the other one has not if it is not there.
  if (v.purpose() != ConfigVisitor::Purpose::write_keras2 || c.zero_output_for_mask)
    v("zero_output_for_mask", c.zero_output_for_mask);
  std::optional<bool> time_major;
  if (c.time_major) time_major = true;
  v("time_major", time_major, {.until_keras3 = true, .unless_null = true});
  c.time_major = time_major.value_or(false);
  read_sequence_input(v, c.input_shape);
}

/// Visits the arguments of the weights, of a layer also that of its activity, and the dropouts. Keras 1's names are
/// read.
template <class Config>
void visit_recurrent_weights(Config& c, ConfigVisitor& v) {
  v("kernel_initializer", c.kernel_initializer, {.also_read = "init"});
  v("recurrent_initializer", c.recurrent_initializer, {.also_read = "inner_init"});
  v("bias_initializer", c.bias_initializer);
  v("kernel_regularizer", c.kernel_regularizer, {.also_read = "W_regularizer"});
  v("recurrent_regularizer", c.recurrent_regularizer, {.also_read = "U_regularizer"});
  v("bias_regularizer", c.bias_regularizer, {.also_read = "b_regularizer"});
  if constexpr (requires { c.activity_regularizer; }) v("activity_regularizer", c.activity_regularizer);
  v("kernel_constraint", c.kernel_constraint);
  v("recurrent_constraint", c.recurrent_constraint);
  v("bias_constraint", c.bias_constraint);
  v("dropout", c.dropout, {.also_read = "dropout_W"});
  v("recurrent_dropout", c.recurrent_dropout, {.also_read = "dropout_U"});
}

/// Visits `implementation`, which Keras 2 writes and Keras 3 only takes, unless it is the default. Keras 1's words for
/// it are read. True if a file of Keras 1 or 2 was read that has it.
bool visit_implementation(int& implementation, ConfigVisitor& v);

/// A share of numbers that training drops: 1 / (1 - rate) for those that stay, else 0.
Tensor dropout_mask(const Tensor& random_state, const Shape& shape, double rate, DType dtype);

/// A product with a kernel whose output has parts of equal length: of x as it is, or with a mask, or for each part with
/// a mask of its own.
class MaskedProduct {
 public:
  MaskedProduct(Tensor kernel, Tensors masks) : kernel_(std::move(kernel)), masks_(std::move(masks)) {}
  Tensor operator()(const Tensor& x) const;
  /// With the parts from one to another alone.
  Tensor operator()(const Tensor& x, int first, int last, int parts) const;
  const Tensors& masks() const { return masks_; }

 private:
  Tensor kernel_;
  Tensors masks_;
};

/// The weights of a call, in the dtype in which it computes.
struct KernelCellWeights {
  MaskedProduct input, recurrent;
  Tensor bias;  // undefined without
};

/// The weight by the arguments `recurrent_initializer` and so on.
template <class Config>
WeightConfig recurrent_kernel(const Config& c, const Shape& shape) {
  return {.name = "recurrent_kernel",
          .shape = shape,
          .initializer = c.recurrent_initializer,
          .regularizer = c.recurrent_regularizer,
          .constraint = c.recurrent_constraint};
}

/// Throws ValueError naming the layer for what cannot be right of such a cell's arguments.
template <class Config>
void check_kernel_cell(const std::string& who, const Config& c) {
  graph::require<ValueError>(c.units > 0, who, "expected a positive number of units, got ", c.units);
  require_share(who, "dropout", c.dropout);
  require_share(who, "recurrent_dropout", c.recurrent_dropout);
}

/// A cell with kernel (features, kParts * units), recurrent_kernel (units, kParts * units) and bias. A class checks the
/// arguments in its constructor, since nobody knows earlier how it is called, and says what a step makes of the
/// weights.
template <class ConfigStruct, int kParts>
class KernelCell : public Configured<Cell, ConfigStruct> {
 public:
  explicit KernelCell(ConfigStruct config) : Configured<Cell, ConfigStruct>(std::move(config)) {
    this->set_seed(config_.seed);
  }

  std::vector<int> state_size() const override { return {config_.units}; }

  void build(const Shape& input) override {
    graph::require<ShapeError>(input.rank() == 2 && input.back() != graph::kUnknown, who(),
                               "expected steps (batch, features) with a known number of features, got shape ", input);
    const std::int64_t units = config_.units;
    kernel_ = this->add_weight(kernel(config_, {input.back(), kParts * units}));
    recurrent_kernel_ = this->add_weight(recurrent_kernel(config_, {units, kParts * units}));
    if (config_.use_bias) bias_ = this->add_weight(bias_weight());
  }

  CellSteps begin(const Shape& input, Context& ctx) override {
    graph::require<ShapeError>(input.rank() == 2 && input.back() == kernel_.shape()[0], who(), "expected ",
                               kernel_.shape()[0], " features in each step, got shape ", input);
    const Shape state{input.front(), config_.units};
    const bool by_part = kParts > 1 && (implementation() == 1 || config_.recurrent_dropout > 0);
    return steps({{kernel_, masks(input, config_.dropout, by_part ? kParts : 1, ctx)},
                  {recurrent_kernel_, masks(state, config_.recurrent_dropout, kParts, ctx)},
                  config_.use_bias ? Tensor(bias_) : Tensor()});
  }

 protected:
  using Configured<Cell, ConfigStruct>::config_;
  using Configured<Cell, ConfigStruct>::who;

  virtual CellSteps steps(KernelCellWeights weights) const = 0;
  virtual WeightConfig bias_weight() const { return bias(config_, {kParts * std::int64_t{config_.units}}); }

  static Tensor activated(const Arg<activations::Activation>& activation, const Tensor& x) {
    return activation ? activation(x) : x;
  }

 private:
  int implementation() const {
    if constexpr (requires { config_.implementation; }) return config_.implementation;
    return 2;
  }

  Tensors masks(const Shape& shape, double rate, int count, Context& ctx) {
    Tensors list;
    if (!ctx.training() || rate == 0) return list;
    for (int i = 0; i < count; ++i)
      list.push_back(dropout_mask(this->random_state(ctx), shape, rate, Tensor(kernel_).dtype()));
    return list;
  }

  Variable kernel_, recurrent_kernel_, bias_;
};

/// The config of a layer's cell.
template <class CellConfig, class Config>
CellConfig cell_config(const Config& c, std::string name) {
  CellConfig cell{.units = c.units,
                  .activation = c.activation,
                  .use_bias = c.use_bias,
                  .kernel_initializer = c.kernel_initializer,
                  .recurrent_initializer = c.recurrent_initializer,
                  .bias_initializer = c.bias_initializer,
                  .kernel_regularizer = c.kernel_regularizer,
                  .recurrent_regularizer = c.recurrent_regularizer,
                  .bias_regularizer = c.bias_regularizer,
                  .kernel_constraint = c.kernel_constraint,
                  .recurrent_constraint = c.recurrent_constraint,
                  .bias_constraint = c.bias_constraint,
                  .dropout = c.dropout,
                  .recurrent_dropout = c.recurrent_dropout,
                  .seed = c.seed,
                  .name = std::move(name),
                  .trainable = c.trainable,
                  .dtype = c.dtype};
  if constexpr (requires { c.recurrent_activation; }) cell.recurrent_activation = c.recurrent_activation;
  if constexpr (requires { c.unit_forget_bias; }) cell.unit_forget_bias = c.unit_forget_bias;
  if constexpr (requires { c.reset_after; }) cell.reset_after = c.reset_after;
  if constexpr (requires { c.implementation; }) cell.implementation = c.implementation;
  return cell;
}

/// A layer made from a config, over a cell that its class makes in the constructor.
template <class Config>
class RecurrentLayer : public Configured<Recurrent, Config> {
 public:
  explicit RecurrentLayer(Config config) : Configured<Recurrent, Config>(std::move(config)) {
    if constexpr (requires { this->config_.activity_regularizer; })
      this->set_activity_regularizer(this->config_.activity_regularizer);
  }

  std::shared_ptr<Recurrent> copy(const std::string& name, bool go_backwards) const override {
    Config config = this->config_;
    config.name = name, config.trainable = this->trainable();
    config.go_backwards = go_backwards;
    return config.make();
  }
};

/// One over a cell of Keras', whose config has the layer's arguments.
template <class Config, class CellConfig>
class KernelLayer : public RecurrentLayer<Config> {
 public:
  using RecurrentLayer<Config>::RecurrentLayer;

  void build_all(const Shapes& inputs) override {
    graph::require<ShapeError>(inputs.at(0).rank() == 3, this->who(),
                               "expected an input (batch, steps, features), got shape ", inputs[0]);
    graph::require<ShapeError>(inputs[0].back() != graph::kUnknown, this->who(),
                               "the last axis of the input must be known, got shape ", inputs[0]);
    Recurrent::build_all(inputs);
  }

 protected:
  /// Checks the arguments and makes the cell. In the constructor of a class.
  void make_cell(const char* name) {
    check_kernel_cell(this->who(), this->config_);
    Config c = this->config_;
    c.dtype = this->dtype_policy().name();
    this->set_cell(Shared<Cell>(cell_config<CellConfig>(c, name).make()));
  }
};

}  // namespace cornu::keras::layers::internal
