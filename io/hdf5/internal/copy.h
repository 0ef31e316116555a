#pragma once

#include "cornu/io/hdf5/internal/new_file.h"
#include "cornu/io/hdf5/internal/open_file.h"

namespace cornu::io::hdf5::internal {

/// Writes everything that can be read of `from`, in the simplest form: groups, hard and soft links, attributes,
/// contiguous datasets, with the dtypes that reading gives. Where something cannot be read, an error stands in its
/// place for whoever asks for it. Throws std::bad_alloc if more than `limit` bytes come together, FormatError if the
/// file is damaged. Within a Session.
void copy_everything(const OpenFile& from, NewFile& to, std::size_t limit);

}  // namespace cornu::io::hdf5::internal
