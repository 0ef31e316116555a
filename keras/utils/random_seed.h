#pragma once

#include <cstdint>

namespace cornu::keras::utils {

/// Starts the process' stream of seeds anew. Every layer, model and data set that draws random numbers takes its seed
/// from the stream when it is made, so the same program makes the same numbers again: initial weights, dropout,
/// shuffling. Without it the stream starts at a random place. Keras: `keras.utils.set_random_seed`.
void set_random_seed(std::uint64_t seed);

/// The next seed of the stream. May be called by several threads; which one gets which seed is then up to their order.
std::uint64_t next_random_seed();

}  // namespace cornu::keras::utils
