#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers::internal {

/// A layer of the same class and config, with fresh weights. Throws ValueError for a class that is not registered.
Shared<Layer> copied(const Layer& layer);

}  // namespace cornu::keras::layers::internal
