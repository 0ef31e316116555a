#pragma once

#include <map>
#include <optional>

#include "cornu/graph/array.h"

namespace cornu::keras::models {

/// One weight per sample (float32) from the weights of its class: labels are integers, (…, 1), or one-hot rows. A class without an entry weighs 1.
/// As Keras 3, throws ValueError if sample weights are given as well, and for targets of rank above 2.
std::optional<graph::Array> sample_weights(const graph::Array& y, const std::map<int, double>& class_weight, const std::optional<graph::Array>& sample_weight);

}  // namespace cornu::keras::models
