#pragma once

#include <initializer_list>
#include <vector>

#include "cornu/keras/layers/rnn/cell.h"

namespace cornu::keras::layers {

struct StackedRNNCellsConfig {
  std::vector<Arg<Layer>> cells = {};  ///< at least one; each a Cell
  CORNU_CONFIG_OF_KIND(Cell, StackedRNNCellsConfig);
};

/// Cells one above the other as one cell: each has the output of the one below as its input. The states are those of
/// all cells, in their order; so are the weights. Throws ValueError without cells and for a layer that is none. Keras:
/// `layers.StackedRNNCells`.
///
/// `RNN(StackedRNNCells({LSTMCell(32), LSTMCell(16)}))`.
class StackedRNNCells : public CellOf<StackedRNNCellsConfig> {
 public:
  using Handle::Handle;
  explicit StackedRNNCells(std::initializer_list<Shared<Layer>> cells, StackedRNNCellsConfig config = {});
};

}  // namespace cornu::keras::layers
