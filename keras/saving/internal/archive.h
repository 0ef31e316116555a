#pragma once

#include <filesystem>
#include <memory>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/models/model.h"

namespace cornu::keras::saving::internal {

/// Writes a model as Keras 3's archive (.keras): a zip of metadata.json, config.json and model.weights.h5.
void write_archive(const std::filesystem::path& path, const SaveConfig& how,
                   const std::shared_ptr<models::Network>& model);

/// The model in such an archive of Keras 2.12 or later.
models::Model read_archive(const std::filesystem::path& path, const models::LoadConfig& config);

/// The weights in such an archive.
io::hdf5::File weights_in_archive(const std::filesystem::path& path, const io::hdf5::ReadConfig& how);

}  // namespace cornu::keras::saving::internal
