#include "cornu/keras/layers/preprocessing/integer_lookup.h"

#include <algorithm>
#include <numeric>

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/vocabulary_state.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/hash_bucket.h"
#include "cornu/ops/native/searchsorted.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::int64;
using graph::require;
using Lookup = internal::IndexLookup<std::int64_t>;

Tensor whole(std::int64_t number) { return constant(Array::scalar(number)); }

class IntegerLookupLayer final : public internal::WithVocabulary<std::int64_t, IntegerLayer, IntegerLookupConfig> {
 public:
  explicit IntegerLookupLayer(IntegerLookupConfig config) : WithVocabulary(std::move(config)) {
    auto& c = config_;
    c.output_mode = internal::mode_of(who(), c.output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
    require<ValueError>(c.vocabulary_dtype == "int64", who(), "expected vocabulary_dtype 'int64', got '",
                        c.vocabulary_dtype, "'");
    require<ValueError>(c.oov_method == "floormod" || c.oov_method == "farmhash", who(),
                        "expected oov_method 'floormod' or 'farmhash', got '", c.oov_method, "'");
    take_vocabulary({.max_tokens = c.max_tokens,
                     .num_oov_indices = c.num_oov_indices,
                     .mask_token = c.mask_token,
                     .oov_token = c.oov_token,
                     .invert = c.invert,
                     .output_mode = c.output_mode,
                     .pad_to_max_tokens = c.pad_to_max_tokens,
                     .hashes = c.oov_method == "farmhash",
                     .salt = internal::salt_of(who(), c.salt)},
                    c.output_mode == "int" ? "int64" : "");
  }

  Tensor call(const Tensor& x, Context&) override {
    const auto vocabulary = lookup();
    const Tensor tokens = ops::cast(x, int64);
    if (config_.invert) return inverted(tokens, *vocabulary);
    return internal::encoded_tokens(numbers(tokens, *vocabulary), *vocabulary, compute_dtype());
  }

  void check_data(const Array& x) const override {
    if (config_.num_oov_indices > 0 || config_.invert || vocabulary_size() == 0) return;
    const auto known = lookup();
    const Array tokens = x.astype(int64);
    for (const std::int64_t token : tokens.span<std::int64_t>())
      require<ValueError>(known->number(token) >= 0 || token == config_.mask_token, who(),
                          "expected tokens of the vocabulary alone with num_oov_indices = 0, got ", token);
  }

 private:
  Tensor numbers(const Tensor& tokens, const Lookup& lookup) const {
    // The vocabulary in ascending order, each with its number.
    std::vector<std::int64_t> order(lookup.tokens().size());
    std::iota(order.begin(), order.end(), 0);
    const auto at = [&](std::int64_t i) { return lookup.tokens()[static_cast<std::size_t>(i)]; };
    std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return at(a) < at(b); });
    std::vector<std::int64_t> sorted;
    for (std::int64_t& i : order) sorted.push_back(at(i)), i += options().token_start();
    const Tensor keys = constant(Array(sorted)), values = constant(Array(order));
    const Tensor place =
        ops::minimum(ops::searchsorted(keys, tokens), constant(static_cast<double>(sorted.size()) - 1, graph::int32));
    const Tensor known = ops::equal(ops::take(keys, place), tokens);
    const Tensor number = ops::where(known, ops::take(values, place), unknown(tokens));
    if (!config_.mask_token) return number;
    return ops::where(ops::equal(tokens, whole(*config_.mask_token)), whole(config_.output_mode == "int" ? 0 : -1),
                      number);
  }

  Tensor unknown(const Tensor& tokens) const {
    const int many = config_.num_oov_indices, start = options().oov_start();
    if (many <= 1) return whole(many == 0 ? -1 : start);
    if (options().hashes) return ops::hash_bucket(tokens, {.num_buckets = many, .salt = options().salt}) + whole(start);
    return ops::mod(tokens, whole(many)) + whole(start);
  }

  // What is none of the numbers has the last place.
  Tensor inverted(const Tensor& numbers, const Lookup& lookup) const {
    std::vector<std::int64_t> tokens = lookup.all();
    const auto size = static_cast<std::int64_t>(tokens.size());
    tokens.push_back(config_.oov_token);
    const Tensor inside = ops::logical_and(ops::greater_equal(numbers, whole(0)), ops::less(numbers, whole(size)));
    return ops::take(constant(Array(tokens)), ops::where(inside, numbers, whole(size)));
  }

  void learn(const std::vector<Array>& batches) override {
    learn_from(batches, [](const Array& batch, internal::TokenCounts<std::int64_t>& counts) {
      const Array tokens = batch.astype(int64);
      const std::int64_t documents = batch.ndim() > 0 ? batch.rows() : 1;
      const std::int64_t length = documents > 0 ? batch.size() / documents : 0;
      for (std::int64_t i = 0; i < batch.size(); ++i) {
        if (i % length == 0) counts.begin_document();
        counts.add(tokens.data<std::int64_t>()[i]);
      }
    });
  }
};

const bool integer_lookup_registered = registry().add<IntegerLookupLayer>("IntegerLookup");

}  // namespace

void IntegerLookupConfig::fields(ConfigVisitor& v) {
  const bool reads = v.purpose() == ConfigVisitor::Purpose::read;
  std::optional<Array> tokens;
  if (!vocabulary.empty()) tokens = Array(static_cast<const std::vector<std::int64_t>&>(vocabulary));
  v("max_tokens", max_tokens);
  v("num_oov_indices", num_oov_indices);
  v("mask_token", mask_token);
  v("oov_token", oov_token);
  v("vocabulary", tokens);
  v("vocabulary_dtype", vocabulary_dtype);
  v("idf_weights", idf_weights);
  v("invert", invert);
  v("output_mode", output_mode);
  v("sparse", sparse);
  v("pad_to_max_tokens", pad_to_max_tokens);
  // Keras 2 has no word for the method that it has.
  if (v.purpose() != ConfigVisitor::Purpose::write_keras2 || oov_method != "floormod")
    v("oov_method", oov_method, {.since_keras3 = true});
  v("salt", salt, {.since_keras3 = true});
  v("vocabulary_size", vocabulary_size, {.only_read = true});
  bool has_input_vocabulary = false;  // of Keras 2: whether there is one says the same
  v("has_input_vocabulary", has_input_vocabulary, {.only_read = true});
  if (!reads) return;
  sparse = false;
  if (tokens) {
    const Array whole = tokens->astype(graph::int64).flatten();
    vocabulary = std::vector<std::int64_t>(whole.span<std::int64_t>().begin(), whole.span<std::int64_t>().end());
  }
}

Made<IntegerLayer, IntegerLookupConfig> IntegerLookupConfig::make() const {
  return std::make_shared<IntegerLookupLayer>(*this);
}

}  // namespace cornu::keras::layers
