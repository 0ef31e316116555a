#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

/// The weights of a network with their places in it, as Keras 3's `variable.path`: "sequential/dense/kernel". In the
/// order of the layers, each variable once.
std::vector<std::pair<std::string, Variable>> weight_paths(const Network& network);

}  // namespace cornu::keras::models
