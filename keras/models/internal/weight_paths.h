#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::models {

/// The paths of a layer and of all layers inside of it, as Keras 3 names what it shows of them: "sequential/dense". A
/// graph of layers gives its layers no name in front, since they are built before it, and neither have the layers of a
/// Sequential with an input of its own one from the model in which it lies. Where two layers would have one path, the
/// second one has the models' names in front.
std::map<const layers::Layer*, std::string> layer_paths(const layers::Layer& layer);

/// The weights of a layer and of all layers inside of it, each once, with their paths: "sequential/dense/kernel".
std::vector<std::pair<std::string, Variable>> weight_paths(const layers::Layer& layer);

}  // namespace cornu::keras::models
