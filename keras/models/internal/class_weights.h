#pragma once

#include <map>

#include "cornu/graph/array/array.h"

namespace cornu::keras::models {

/// One weight per sample (float32) from the weights of its class: labels are integers, (samples,) or (samples, 1), or
/// one-hot rows. A class without an entry weighs 1. As Keras 3, throws ValueError for targets of rank above 2.
graph::Array class_weights(const graph::Array& y, const std::map<int, double>& class_weight);

}  // namespace cornu::keras::models
