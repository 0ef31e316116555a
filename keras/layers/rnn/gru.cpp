#include "cornu/keras/layers/rnn/gru.h"

#include "cornu/keras/layers/rnn/internal/kernel_cell.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using internal::KernelCellWeights;

struct GRUCellLayer final : internal::KernelCell<GRUCellConfig, 3> {
  explicit GRUCellLayer(GRUCellConfig config) : KernelCell(std::move(config)) {
    internal::check_kernel_cell(who(), config_);
  }

  WeightConfig bias_weight() const override {
    const std::int64_t length = 3 * std::int64_t{config_.units};
    return internal::bias(config_, config_.reset_after ? Shape{2, length} : Shape{length});
  }

  CellSteps steps(KernelCellWeights w) const override {
    Tensor input_bias = w.bias, recurrent_bias;
    if (w.bias.defined() && config_.reset_after) {
      const Tensors rows = ops::split(w.bias, 2, 0);
      input_bias = ops::squeeze(rows[0], 0), recurrent_bias = ops::squeeze(rows[1], 0);
    }
    const auto prepare = [w, input_bias](const Tensor& x) {
      return input_bias.defined() ? w.input(x) + input_bias : w.input(x);
    };
    const auto step = [this, w, recurrent_bias](const Tensor& x, const Tensors& states) {
      const Tensor& h = states[0];
      const Tensors xs = ops::split(x, 3, 1);
      const auto gate = [this](const Tensor& sum) { return activated(config_.recurrent_activation, sum); };
      Tensor z, candidate;
      if (config_.reset_after) {
        Tensor product = w.recurrent(h);
        if (recurrent_bias.defined()) product = product + recurrent_bias;
        const Tensors hs = ops::split(product, 3, 1);
        z = gate(xs[0] + hs[0]);
        candidate = xs[2] + gate(xs[1] + hs[1]) * hs[2];
      } else {
        const Tensors hs = ops::split(w.recurrent(h, 0, 2, 3), 2, 1);
        z = gate(xs[0] + hs[0]);
        candidate = xs[2] + w.recurrent(gate(xs[1] + hs[1]) * h, 2, 3, 3);
      }
      const Tensor next = z * h + (1 - z) * activated(config_.activation, candidate);
      return CellOutput{next, {next}};
    };
    return {prepare, step};
  }
};

struct GRULayer final : internal::KernelLayer<GRUConfig, GRUCellConfig> {
  explicit GRULayer(GRUConfig config) : KernelLayer(std::move(config)) { make_cell("gru_cell"); }
};

template <class Config>
void visit_gru(Config& c, ConfigVisitor& v) {
  v("units", c.units, {.also_read = "output_dim"});
  v("activation", c.activation);
  v("recurrent_activation", c.recurrent_activation, {.also_read = "inner_activation"});
  v("use_bias", c.use_bias);
  internal::visit_recurrent_weights(c, v);
  const bool older = internal::visit_implementation(c.implementation, v);
  // Until it had the argument, Keras had the reset gate before the kernel.
  std::optional<bool> reset_after;
  if (v.purpose() != ConfigVisitor::Purpose::read) reset_after = c.reset_after;
  v("reset_after", reset_after);
  if (reset_after || older) c.reset_after = reset_after.value_or(false);
  v("seed", c.seed, {.only_keras3 = true});  // Keras 2 takes none
}

}  // namespace

void GRUCellConfig::fields(ConfigVisitor& v) { visit_gru(*this, v); }

void GRUConfig::fields(ConfigVisitor& v) {
  internal::visit_recurrent(*this, v);
  visit_gru(*this, v);
}

CORNU_LAYER_OF_KIND(Cell, GRUCellConfig, GRUCellLayer, "GRUCell");
CORNU_LAYER_OF_KIND(Recurrent, GRUConfig, GRULayer, "GRU");

}  // namespace cornu::keras::layers
