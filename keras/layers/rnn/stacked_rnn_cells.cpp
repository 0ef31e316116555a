#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/places_in_list.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct StackedRNNCellsLayer final : Configured<Cell, StackedRNNCellsConfig> {
  explicit StackedRNNCellsLayer(StackedRNNCellsConfig config) : Configured(std::move(config)) {
    require<ValueError>(!config_.cells.empty(), who(), "expected at least one cell, got none");
    internal::PlacesInList places("cells");
    for (const auto& layer : config_.cells) {
      require<ValueError>(static_cast<bool>(layer), who(), "expected cells, got an empty one");
      const auto cell = layer.as<Cell>();
      require<ValueError>(static_cast<bool>(cell), who(), "expected cells, got ", layer->described());
      cells_.push_back(cell);
      add_layer(cell, places.next(*cell));
    }
  }

  void build(const Shape& input) override {
    inputs_.clear();
    Spec below{compute_dtype(), input};
    for (const auto& cell : cells_) {
      cell->ensure_built_for({below});
      inputs_.push_back(below.shape.drop_front());
      below = cell->outputs_for({below}).front();
    }
  }

  Shapes state_shapes(const Shape& input) const override {
    Shapes all;
    for (std::size_t i = 0; i < cells_.size(); ++i)
      for (const Shape& shape : cells_[i]->state_shapes(input_of(i, input))) all.push_back(shape);
    return all;
  }

  Tensors initial_states(const Shape& input, DType dtype) const override {
    Tensors all;
    for (std::size_t i = 0; i < cells_.size(); ++i)
      for (Tensor& state : cells_[i]->initial_states(input_of(i, input), dtype)) all.push_back(std::move(state));
    return all;
  }

  // Only the first cell's part can be computed for all steps at once: what the others read comes step by step.
  CellSteps begin(const Shape& input, Context& ctx) override {
    std::vector<CellSteps> steps(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i)
      cells_[i]->within_call(ctx, [&] { steps[i] = cells_[i]->begin(input_of(i, input), ctx); });
    const auto prepare = [cells = cells_, steps, &ctx](std::size_t i, const Tensor& x) {
      Tensor prepared = ops::cast_floating(x, cells[i]->compute_dtype());
      if (steps[i].prepare) cells[i]->within_call(ctx, [&] { prepared = steps[i].prepare(prepared); });
      return prepared;
    };
    const auto step = [cells = cells_, sizes = state_counts(input), steps, prepare, &ctx](const Tensor& prepared,
                                                                                          const Tensors& states) {
      CellOutput all{prepared, {}};
      auto next = states.begin();
      for (std::size_t i = 0; i < cells.size(); ++i) {
        Tensors own;
        for (std::size_t s = 0; s < sizes[i]; ++s)
          own.push_back(ops::cast_floating(*next++, cells[i]->compute_dtype()));
        const Tensor x = i == 0 ? prepared : prepare(i, all.output);
        cells[i]->within_call(ctx, [&] {
          CellOutput y = steps[i].step(x, own);
          all.output = std::move(y.output);
          for (Tensor& state : y.states) all.states.push_back(std::move(state));
        });
      }
      for (std::size_t s = 0; s < states.size() && s < all.states.size(); ++s)
        all.states[s] = ops::cast_floating(all.states[s], states[s].dtype());
      return all;
    };
    return {[prepare](const Tensor& x) { return prepare(0, x); }, step};
  }

 private:
  Shape input_of(std::size_t cell, const Shape& input) const {
    if (cell == 0 || cell >= inputs_.size()) return input;
    return inputs_[cell].prepend(input.front());
  }

  std::vector<std::size_t> state_counts(const Shape& input) const {
    std::vector<std::size_t> counts;
    for (std::size_t i = 0; i < cells_.size(); ++i)
      counts.push_back(cells_[i]->state_shapes(input_of(i, input)).size());
    return counts;
  }

  std::vector<Shared<Cell>> cells_;
  std::vector<Shape> inputs_;  // of each, without the batch
};

}  // namespace

void StackedRNNCellsConfig::fields(ConfigVisitor& v) { v("cells", cells); }

StackedRNNCells::StackedRNNCells(std::initializer_list<Shared<Layer>> cells, StackedRNNCellsConfig config)
    : Handle([&] {
        config.cells.assign(cells.begin(), cells.end());
        return std::move(config);
      }()) {}

CORNU_LAYER_OF_KIND(Cell, StackedRNNCellsConfig, StackedRNNCellsLayer, "StackedRNNCells");

}  // namespace cornu::keras::layers
