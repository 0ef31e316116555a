#include "cornu/keras/layers/rnn/lstm.h"

#include "cornu/keras/layers/rnn/internal/kernel_cell.h"
#include "cornu/keras/layers/rnn/internal/lstm_gates.h"

namespace cornu::keras::layers {
namespace {

using internal::KernelCellWeights;

struct LSTMCellLayer final : internal::KernelCell<LSTMCellConfig, 4> {
  explicit LSTMCellLayer(LSTMCellConfig config) : KernelCell(std::move(config)) {
    internal::check_kernel_cell(who(), config_);
  }

  std::vector<int> state_size() const override { return {config_.units, config_.units}; }

  WeightConfig bias_weight() const override {
    WeightConfig weight = KernelCell::bias_weight();
    if (config_.unit_forget_bias) weight.initializer = internal::forget_bias(config_.bias_initializer);
    return weight;
  }

  CellSteps steps(KernelCellWeights w) const override {
    const auto prepare = [w](const Tensor& x) { return w.bias.defined() ? w.input(x) + w.bias : w.input(x); };
    const internal::LSTMGates gates{config_.activation, config_.recurrent_activation};
    const auto step = [w, gates](const Tensor& x, const Tensors& states) {
      return gates(x + w.recurrent(states[0]), states[1], 1);
    };
    return {prepare, step};
  }
};

struct LSTMLayer final : internal::KernelLayer<LSTMConfig, LSTMCellConfig> {
  explicit LSTMLayer(LSTMConfig config) : KernelLayer(std::move(config)) { make_cell("lstm_cell"); }
};

template <class Config>
void visit_lstm(Config& c, ConfigVisitor& v) {
  v("units", c.units, {.also_read = "output_dim"});
  v("activation", c.activation);
  v("recurrent_activation", c.recurrent_activation, {.also_read = "inner_activation"});
  v("use_bias", c.use_bias);
  v("unit_forget_bias", c.unit_forget_bias);
  std::string forget_bias_init;  // Keras 1's
  v("forget_bias_init", forget_bias_init, {.only_read = true});
  if (!forget_bias_init.empty()) c.unit_forget_bias = forget_bias_init.starts_with("one");
  internal::visit_recurrent_weights(c, v);
  internal::visit_implementation(c.implementation, v);
  v("seed", c.seed, {.only_keras3 = true});  // Keras 2 takes none
}

}  // namespace

void LSTMCellConfig::fields(ConfigVisitor& v) { visit_lstm(*this, v); }

void LSTMConfig::fields(ConfigVisitor& v) {
  internal::visit_recurrent(*this, v);
  visit_lstm(*this, v);
}

CORNU_LAYER_OF_KIND(Cell, LSTMCellConfig, LSTMCellLayer, "LSTMCell");
CORNU_LAYER_OF_KIND(Recurrent, LSTMConfig, LSTMLayer, "LSTM");

}  // namespace cornu::keras::layers
