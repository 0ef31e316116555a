#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;

struct HashBucketConfig {
  std::int64_t num_buckets = 0;         ///< required
  std::vector<std::int64_t> salt = {};  ///< two numbers, the key of a keyed hash; none: a hash without a key
  bool texts = false;                   ///< the last axis, of uint8, holds a text's bytes with zeros behind them
};

/// One of num_buckets buckets, from 0 on, for each integer, by a hash of its decimal digits, or for each text, by a
/// hash of its bytes: int64, of x's shape, without the last axis of texts. FarmHash's fingerprint; with a salt SipHash.
/// No gradient. Throws ValueError for num_buckets below 1 and a salt of another length than 2, TypeError for what is no
/// integer, or no uint8 of texts. TensorFlow: `strings.to_hash_bucket_fast`, `strings.to_hash_bucket_strong`, behind
/// `strings.as_string`.
///
///     Tensor bucket = ops::hash_bucket(user_id, {.num_buckets = 1000});
Tensor hash_bucket(const Tensor& x, const HashBucketConfig& config);

}  // namespace cornu::ops
