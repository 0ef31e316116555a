#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::models {

/// The weights of a layer and of all layers inside of it, each once, with their paths: "sequential/dense/kernel".
std::vector<std::pair<std::string, Variable>> weight_paths(const layers::Layer& layer);

}  // namespace cornu::keras::models
