#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::io::internal {

/// CRC-32C (Castagnoli): of "123456789" it is e3069283. By the processor's instruction where there is one.
std::uint32_t crc32c(std::string_view data);
/// The same by Boost.CRC, on any processor.
std::uint32_t crc32c_by_boost(std::string_view data);

/// As a record of TensorBoard holds it: a checksum of bytes that contain their own checksum would say little, so it is
/// turned and moved.
inline std::uint32_t masked_crc32c(std::string_view data) {
  const std::uint32_t crc = crc32c(data);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

}  // namespace cornu::io::internal
