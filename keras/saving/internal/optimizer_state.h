#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/optimizer.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::saving::internal {

/// Writes the step count and the slots of the network's trained weights, by Keras 2.15's names and in its order, into
/// the group `optimizer_weights` of `root`; nothing if the optimizer has no slots for them yet.
void write_optimizer_state(io::hdf5::Writer::Group root, const optimizers::Optimizer& optimizer,
                           const models::Network& network);

/// Whether the optimizer has slots, and for the weights that the network trains now: else they are not the state of
/// this training, and no file holds them.
bool holds_state_of(const optimizers::Optimizer& optimizer, const models::Network& network);

/// Its variables in Keras 3's order, without slots of weights that are not trained now.
std::vector<Variable> variables_of_training(const optimizers::Optimizer& optimizer, const models::Network& network);

/// How many values the state of an optimizer that is built has in a file of either Keras, of those that hold `stored`
/// ones: with slots, or from before the first step without them.
std::size_t optimizer_state_size(const optimizers::Optimizer& optimizer, KerasVersion written_by, std::size_t stored);

/// The values, with names for messages, for an optimizer that is built: step count, learning rate (Keras 3) and slots,
/// or without slots. Throws FormatError, beginning with `where`, if their number or a shape is another.
std::vector<std::pair<Variable, Array>> read_optimizer_state(
    const std::string& where, const std::vector<std::pair<std::string, io::hdf5::Dataset>>& stored,
    const optimizers::Optimizer& optimizer, KerasVersion written_by);

}  // namespace cornu::keras::saving::internal
