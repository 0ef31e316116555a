#include "cornu/keras/models/internal/class_weights.h"

#include <cmath>

#include "cornu/graph/check.h"

namespace cornu::keras::models {

using graph::Array;
using graph::require;
using graph::ValueError;

Array class_weights(const Array& y, const std::map<int, double>& class_weight) {
  require<ValueError>(y.ndim() == 1 || y.ndim() == 2,
                      "class_weight needs targets of shape (samples,), (samples, 1) or (samples, classes), got ",
                      y.shape());
  const Array labels = (y.ndim() == 2 && y.shape()[1] > 1 ? graph::argmax(y, 1) : y.flatten()).astype(graph::float64);
  Array weights = graph::ones({labels.size()});
  for (std::int64_t i = 0; i < labels.size(); ++i) {
    const auto found = class_weight.find(static_cast<int>(std::lround(labels.data<double>()[i])));
    if (found != class_weight.end()) weights.data<float>()[i] = static_cast<float>(found->second);
  }
  return weights;
}

}  // namespace cornu::keras::models
