#include "cornu/ops/native/hash_bucket.h"

#include <charconv>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/fingerprint.h"
#include "cornu/ops/internal/text_bytes.h"

namespace cornu::ops {
namespace {

using graph::require;

struct HashBucket final : Op {
  HashBucketConfig config{.num_buckets = 1};
  std::string_view name() const override { return "hash_bucket"; }
  void fields(FieldVisitor& f) const override {
    f("num_buckets", config.num_buckets);
    f("salt", config.salt);
    f("texts", config.texts);
  }
  Specs infer(const Specs& in) const override {
    const Spec& x = in[0];
    require<ValueError>(config.num_buckets >= 1, "hash_bucket: expected num_buckets of at least 1, got ",
                        config.num_buckets);
    require<ValueError>(config.salt.empty() || config.salt.size() == 2,
                        "hash_bucket: expected a salt of 2 numbers, got ", config.salt.size());
    require<TypeError>(config.texts ? x.dtype == graph::uint8 && x.shape.rank() > 0 : graph::is_integer(x.dtype),
                       "hash_bucket: expected ", config.texts ? "texts, uint8 with an axis of bytes" : "integers",
                       ", got ", x);
    return {{int64, config.texts ? x.shape.drop_back() : x.shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.out[0].shape.elements(), length = config.texts ? r.in[0].shape.back() : 0;
    const auto launch = [n, length, config = config, dtype = r.in[0].dtype](const graph::Call& c) {
      const auto buckets = static_cast<std::uint64_t>(config.num_buckets);
      const auto bucket = [&](std::string_view text) {
        const std::uint64_t hash = config.salt.empty()
                                       ? internal::fingerprint(text)
                                       : internal::keyed_hash(text, static_cast<std::uint64_t>(config.salt[0]),
                                                              static_cast<std::uint64_t>(config.salt[1]));
        return static_cast<std::int64_t>(hash % buckets);
      };
      auto* y = c.out<std::int64_t>();
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        if (config.texts) {
          for (std::int64_t i = begin; i < end; ++i)
            y[i] = bucket(internal::text_in(c.in<std::uint8_t>() + i * length, length));
          return;
        }
        graph::visit(dtype, [&](auto zero) {
          using T = decltype(zero);
          if constexpr (std::is_integral_v<T>) {
            char digits[24];
            for (std::int64_t i = begin; i < end; ++i) {
              const auto written =
                  std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(c.in<T>()[i]));
              y[i] = bucket({digits, static_cast<std::size_t>(written.ptr - digits)});
            }
          }
        });
      });
    };
    return Kernel::native(r.parts(n * 32), launch);
  }
};
const bool hash_bucket_registered = graph::register_op<HashBucket>();

}  // namespace

Tensor hash_bucket(const Tensor& x, const HashBucketConfig& config) {
  auto op = std::make_shared<HashBucket>();
  op->config = config;
  return graph::apply1(std::move(op), {x});
}

}  // namespace cornu::ops
