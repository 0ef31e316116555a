#include "cornu/ops/native/hash_bucket.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "cornu/ops/internal/fingerprint.h"
#include "tests/support/evaluate.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

// The buckets of TensorFlow 2.21, of which there is no reference in double precision.
OpSample sample(std::string what, Array x, ops::HashBucketConfig config, std::vector<double> expected) {
  return {.op = "hash_bucket",
          .what = std::move(what),
          .build = [config](const Tensors& t) { return ops::hash_bucket(t[0], config); },
          .inputs = {std::move(x)},
          .reference =
              [expected, texts = config.texts](const std::vector<F64>& t) {
                F64 y(texts ? t[0].shape.drop_back() : t[0].shape);
                for (std::int64_t i = 0; i < y.size(); ++i) y[i] = expected[static_cast<std::size_t>(i)];
                return y;
              }};
}

const bool samples = register_samples([] {
  const Array whole = numbers({2, 3}, {0, 1, -17, 99, 100, 1099511627776}, graph::int64);
  // "", "a", "abc"
  const Array texts = numbers({3, 4}, {0, 0, 0, 0, 97, 0, 0, 0, 97, 98, 99, 0}, graph::uint8);
  return std::vector<OpSample>{
      sample("int64", whole, {.num_buckets = 1000003}, {537292, 361198, 605632, 133131, 575911, 599946}),
      sample("salted", whole, {.num_buckets = 1000003, .salt = {133, 137}},
             {876599, 544600, 254593, 69362, 91640, 651902}),
      sample("int32", numbers({5}, {0, 1, 2, 3, 4}, graph::int32), {.num_buckets = 3}, {1, 0, 1, 0, 2}),
      sample("uint8", numbers({2}, {0, 4}, graph::uint8), {.num_buckets = 3}, {1, 2}),
      sample("texts", texts, {.num_buckets = 1000003, .texts = true}, {377723, 291400, 152962}),
      sample("salted texts", texts, {.num_buckets = 1000003, .salt = {133, 137}, .texts = true},
             {953272, 554259, 707065}),
      sample("empty", numbers({0}, {}, graph::int32), {.num_buckets = 3}, {}),
  };
});

const bool special = register_without_special_values("hash_bucket", "takes integers");

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"hash_bucket", "expected num_buckets of at least 1, got 0",
       [] { ops::hash_bucket(input(0, {2}, graph::int64), {}); }},
      {"hash_bucket", "expected a salt of 2 numbers, got 1",
       [] { ops::hash_bucket(input(0, {2}, graph::int64), {.num_buckets = 3, .salt = {1}}); }},
      {"hash_bucket", "expected integers, got float32(2,)",
       [] { ops::hash_bucket(input(0, {2}), {.num_buckets = 3}); }},
      {"hash_bucket", "expected texts, uint8 with an axis of bytes, got int64(2,)",
       [] { ops::hash_bucket(input(0, {2}, graph::int64), {.num_buckets = 3, .texts = true}); }},
  };
});

// Texts of every length class of the hash, with the fingerprints of TensorFlow 2.21, of which its buckets show those
// that are less than 2^63 - 1.
TEST(HashBucket, FingerprintsAreThoseOfTensorFlow) {
  const std::string digits = "0123456789";
  std::string many;
  for (int i = 0; i < 20; ++i) many += digits;
  const std::string sentence =
      "The quick brown fox jumps over the lazy dog, and then some more text follows here to pass 64";
  const std::vector<std::string> texts = {"",
                                          "a",
                                          "abc",
                                          "abcd",
                                          "hello",
                                          "tensorflow",
                                          "12345678",
                                          "123456789",
                                          "0123456789abcdef",
                                          "0123456789abcdefg",
                                          sentence.substr(0, 32),
                                          sentence.substr(0, 34),
                                          std::string(64, 'x'),
                                          std::string(65, 'y'),
                                          sentence,
                                          "Ä π 字 🎉",
                                          std::string(200, 'z'),
                                          many + "abc"};
  const std::vector<std::uint64_t> fast = {377723, 291400, 152962, 267500, 497363, 262764, 470335, 924877, 128007,
                                           663110, 292266, 725564, 518772, 120696, 469264, 4082,   958584, 529014};
  const std::vector<std::uint64_t> strong = {953272, 554259, 707065, 483067, 73327,  764686, 100339, 518773, 798340,
                                             126932, 935369, 443364, 468263, 412939, 198929, 605419, 531023, 875536};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_EQ(ops::internal::fingerprint(texts[i]) % 1000003, fast[i]) << texts[i];
    EXPECT_EQ(ops::internal::keyed_hash(texts[i], 133, 137) % 1000003, strong[i]) << texts[i];
  }
}

}  // namespace
}  // namespace cornu::tests
