#include "cornu/io/internal/crc32c.h"

#include <boost/crc.hpp>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace cornu::io::internal {

std::uint32_t crc32c_by_boost(std::string_view data) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(data.data(), data.size());
  return crc.checksum();
}

#if defined(__x86_64__)
namespace {

__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_sse(std::string_view data) {
  std::uint64_t crc = 0xFFFFFFFF;
  const char* at = data.data();
  std::size_t left = data.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (; left > 0; ++at, --left) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
  return ~rest;
}

}  // namespace

std::uint32_t crc32c(std::string_view data) {
  static const bool sse = __builtin_cpu_supports("sse4.2") != 0;
  return sse ? crc32c_by_sse(data) : crc32c_by_boost(data);
}
#else
std::uint32_t crc32c(std::string_view data) { return crc32c_by_boost(data); }
#endif

}  // namespace cornu::io::internal
