#pragma once

#include <filesystem>
#include <memory>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras::saving::internal {

/// Writes a model as an HDF5 file of Keras 2's form, with how it is trained and a self test if asked for.
void write_h5_model(const std::filesystem::path& path, const SaveConfig& how,
                    const std::shared_ptr<models::Network>& model);

/// The model in such a file of any Keras.
models::Model read_h5_model(const io::hdf5::Group& root, const models::LoadConfig& config);

/// The weights in such a file, or in one of weights alone. Throws FormatError if there are none.
StoredWeights weights_of_h5(const io::hdf5::Group& root);

}  // namespace cornu::keras::saving::internal
