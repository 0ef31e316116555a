#include "cornu/graph/check.h"
#include "cornu/keras/models/internal/class_weights.h"
#include "cornu/keras/models/internal/run.h"

namespace cornu::keras::models {

using graph::require;

namespace {

// Moves: a small step takes less time than copying its lists would.
Arrays named(const std::vector<std::string>& names, std::vector<Array>&& arrays) {
  return names.empty() ? Arrays(std::move(arrays)) : Arrays(names, std::move(arrays));
}

}  // namespace

data::Columns columns_of(Network& network, Training& training, Arrays x, Arrays y, Arrays weight,
                         const std::map<int, double>& class_weight, std::string_view what) {
  if (!class_weight.empty()) {
    require<ValueError>(y.size() == 1, what, "class_weight is for models of one output, and needs y");
    require<ValueError>(weight.empty(), "class_weight and sample_weight cannot be given at the same time");
    weight = Arrays(class_weights(y[0], class_weight));
  }
  // What is wrong with the data as such is said before anything is built.
  const std::vector<std::string> x_names = x.names(), y_names = y.names(), weight_names = weight.names();
  data::Columns columns{std::move(x).arrays(), std::move(y).arrays(), std::move(weight).arrays()};
  for (Array& array : columns.weight) array = array.astype(graph::float32);
  data::check_columns(columns, what);
  columns.x = network.accept(named(x_names, std::move(columns.x)));
  columns.y = training.accept_targets(named(y_names, std::move(columns.y)));
  columns.weight = training.accept_weights(named(weight_names, std::move(columns.weight)), columns.y.size());
  return columns;
}

}  // namespace cornu::keras::models
