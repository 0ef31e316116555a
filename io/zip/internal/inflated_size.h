#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace cornu::io::zip {

/// How many bytes a zlib stream (as gzip filters of HDF5 keep it) unpacks to. Nothing if it is damaged, does not end,
/// or gives more than `limit`; the bytes themselves are not kept.
std::optional<std::uint64_t> inflated_size(std::span<const std::uint8_t> packed, std::uint64_t limit);

}  // namespace cornu::io::zip
