#pragma once

#include <string>

namespace cornu::keras::callbacks::internal {

/// A model's config (`to_json`, Keras 3's form) as TensorBoard's reader of conceptual graphs takes it: that reader
/// fails on arguments of a call that are no tensors, on outputs by name, and on a graph of layers in a row of layers;
/// it leaves out lines to models of several inputs and those of tensors that are given by name. The config that this
/// gives has the same layers, and all lines are seen.
std::string conceptual_graph(const std::string& model_json);

}  // namespace cornu::keras::callbacks::internal
