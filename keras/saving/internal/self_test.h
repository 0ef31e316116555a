#pragma once

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::saving::internal {

/// Writes the group `self_test`: an input for the network, and what each of its layers makes of it. Other programs pass
/// over it. Throws ValueError for a network for which no input can be made up.
void write_self_test(io::hdf5::Writer::Group root, const std::shared_ptr<models::Network>& network);

/// Compares with what is in the group, if it is there. Throws FormatError naming the first layer, and its class, that
/// computes something else than when the file was written.
void check_self_test(const io::hdf5::Group& root, const std::shared_ptr<models::Network>& network);

}  // namespace cornu::keras::saving::internal
