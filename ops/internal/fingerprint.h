#pragma once

#include <cstdint>
#include <string_view>

namespace cornu::ops::internal {

/// FarmHash's Fingerprint64, which is the same everywhere and for ever. TensorFlow: `fingerprint`,
/// `strings.to_hash_bucket_fast`.
std::uint64_t fingerprint(std::string_view text);

/// SipHash-2-4 by a key of two numbers. TensorFlow: `strings.to_hash_bucket_strong`.
std::uint64_t keyed_hash(std::string_view text, std::uint64_t key0, std::uint64_t key1);

}  // namespace cornu::ops::internal
