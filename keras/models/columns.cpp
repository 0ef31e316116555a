#include "cornu/graph/check.h"
#include "cornu/keras/models/internal/class_weights.h"
#include "cornu/keras/models/internal/run.h"

namespace cornu::keras::models {

using graph::require;

data::Columns columns_of(Network& network, Training& training, const Arrays& x, const Arrays& y,
                         const Arrays& sample_weight, const std::map<int, double>& class_weight,
                         std::string_view what) {
  Arrays weight = sample_weight;
  if (!class_weight.empty()) {
    require<ValueError>(y.size() == 1, what, "class_weight is for models of one output, and needs y");
    require<ValueError>(sample_weight.empty(), "class_weight and sample_weight cannot be given at the same time");
    weight = Arrays(class_weights(y[0], class_weight));
  }
  // What is wrong with the data as such is said before anything is built.
  data::Columns columns{x.arrays(), y.arrays(), weight.arrays()};
  for (Array& array : columns.weight) array = array.astype(graph::float32);
  data::check_columns(columns, what);
  const Arrays weights = weight.names().empty() ? Arrays(columns.weight) : Arrays(weight.names(), columns.weight);
  const Arrays targets = y.names().empty() ? Arrays(columns.y) : Arrays(y.names(), columns.y);
  const Arrays inputs = x.names().empty() ? Arrays(columns.x) : Arrays(x.names(), columns.x);
  columns.x = network.accept(inputs);
  columns.y = training.accept_targets(targets);
  columns.weight = training.accept_weights(weights, columns.y.size());
  return columns;
}

}  // namespace cornu::keras::models
