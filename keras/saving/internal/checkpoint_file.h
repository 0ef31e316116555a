#pragma once

#include <filesystem>

#include "cornu/keras/saving/internal/state_snapshot.h"

namespace cornu::keras::saving {

/// Writes a state as an HDF5 file (docs/formats/checkpoint.md), as a whole or not at all. Throws IoError.
void write_checkpoint(const std::filesystem::path& path, const StateSnapshot& state);

/// Throws IoError if the file is not there, FormatError if it is no such file, or not as it was written.
StateSnapshot read_checkpoint(const std::filesystem::path& path);

}  // namespace cornu::keras::saving
