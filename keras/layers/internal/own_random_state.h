#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers::internal {

/// The state of the random numbers that a layer itself draws, without its parts'; undefined if it draws none or is not
/// built.
Variable own_random_state(const Layer& layer);

}  // namespace cornu::keras::layers::internal
