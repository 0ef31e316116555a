#include "cornu/keras/layers/rnn/rnn.h"

#include "cornu/keras/layers/rnn/internal/copied.h"
#include "cornu/keras/layers/rnn/internal/kernel_cell.h"
#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct RNNLayer final : internal::RecurrentLayer<RNNConfig> {
  explicit RNNLayer(RNNConfig config) : RecurrentLayer(std::move(config)) {
    require<ValueError>(static_cast<bool>(config_.cell), who(), "expected a cell, got none");
    const auto cell = config_.cell.as<Cell>();
    require<ValueError>(static_cast<bool>(cell), who(), "expected a cell, got ", config_.cell->described());
    set_cell(cell);
  }

  // A layer of its own needs a cell of its own.
  std::shared_ptr<Recurrent> copy(const std::string& name, bool go_backwards) const override {
    RNNConfig config = config_;
    config.name = name, config.trainable = trainable();
    config.go_backwards = go_backwards;
    config.cell = internal::copied(*cell());
    return config.make();
  }
};

}  // namespace

void RNNConfig::fields(ConfigVisitor& v) {
  internal::visit_recurrent(*this, v);
  v("cell", cell);
}

RNN::RNN(std::vector<Shared<Cell>> cells, RNNConfig config)
    : Handle([&] {
        StackedRNNCellsConfig stacked;
        stacked.cells.assign(cells.begin(), cells.end());
        config.cell = StackedRNNCells(std::move(stacked));
        return std::move(config);
      }()) {}

CORNU_LAYER_OF_KIND(Recurrent, RNNConfig, RNNLayer, "RNN");

}  // namespace cornu::keras::layers
