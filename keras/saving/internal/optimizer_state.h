#pragma once

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

/// The values in such a group for an optimizer that is built, of a file of either Keras: step count, learning rate
/// (Keras 3) and slots, or the step count alone. Throws FormatError if their number or a shape is another.
std::vector<std::pair<Variable, Array>> read_optimizer_state(const io::hdf5::Group& group,
                                                             const optimizers::Optimizer& optimizer,
                                                             KerasVersion written_by);

}  // namespace cornu::keras::saving::internal
