#pragma once

#include <map>
#include <optional>

#include "cornu/graph/array/array.h"

namespace cornu::keras::models {

/// One weight per sample (float32) from the weights of its class: labels are integers, (samples,) or (samples, 1), or
/// one-hot rows. A class without an entry weighs 1. Without class weights the sample weights themselves, if there are
/// any. As Keras 3, throws ValueError if both are given, and for targets of rank above 2.
std::optional<graph::Array> sample_weights(const graph::Array& y, const std::map<int, double>& class_weight,
                                           const std::optional<graph::Array>& sample_weight);

}  // namespace cornu::keras::models
