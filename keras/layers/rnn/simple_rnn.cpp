#include "cornu/keras/layers/rnn/simple_rnn.h"

#include "cornu/keras/layers/rnn/internal/kernel_cell.h"

namespace cornu::keras::layers {
namespace {

using internal::KernelCellWeights;

struct SimpleRNNCellLayer final : internal::KernelCell<SimpleRNNCellConfig, 1> {
  explicit SimpleRNNCellLayer(SimpleRNNCellConfig config) : KernelCell(std::move(config)) {
    internal::check_kernel_cell(who(), config_);
  }

  CellSteps steps(KernelCellWeights w) const override {
    const auto prepare = [w](const Tensor& x) { return w.bias.defined() ? w.input(x) + w.bias : w.input(x); };
    const auto step = [w, activation = config_.activation](const Tensor& x, const Tensors& states) {
      const Tensor h = activated(activation, x + w.recurrent(states[0]));
      return CellOutput{h, {h}};
    };
    return {prepare, step};
  }
};

struct SimpleRNNLayer final : internal::KernelLayer<SimpleRNNConfig, SimpleRNNCellConfig> {
  explicit SimpleRNNLayer(SimpleRNNConfig config) : KernelLayer(std::move(config)) { make_cell("simple_rnn_cell"); }
};

template <class Config>
void visit_simple_rnn(Config& c, ConfigVisitor& v) {
  v("units", c.units, {.also_read = "output_dim"});
  v("activation", c.activation);
  v("use_bias", c.use_bias);
  internal::visit_recurrent_weights(c, v);
  int implementation = 2;  // its words of both older Kerases have no meaning here
  internal::visit_implementation(implementation, v);
  v("seed", c.seed, {.only_keras3 = true});  // Keras 2 takes none
}

}  // namespace

void SimpleRNNCellConfig::fields(ConfigVisitor& v) { visit_simple_rnn(*this, v); }

void SimpleRNNConfig::fields(ConfigVisitor& v) {
  internal::visit_recurrent(*this, v);
  visit_simple_rnn(*this, v);
}

CORNU_LAYER_OF_KIND(Cell, SimpleRNNCellConfig, SimpleRNNCellLayer, "SimpleRNNCell");
CORNU_LAYER_OF_KIND(Recurrent, SimpleRNNConfig, SimpleRNNLayer, "SimpleRNN");

}  // namespace cornu::keras::layers
