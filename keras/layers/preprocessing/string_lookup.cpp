#include "cornu/keras/layers/preprocessing/string_lookup.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/read_texts.h"
#include "cornu/keras/layers/preprocessing/internal/vocabulary_state.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::require;
using Lookup = internal::IndexLookup<std::string>;

class TokenReader final : public internal::TextReader {
 public:
  explicit TokenReader(std::shared_ptr<const Lookup> lookup) : lookup_(std::move(lookup)) {}
  void read(std::span<const std::string_view> texts, std::vector<std::int64_t>& numbers) const override {
    for (const std::string_view text : texts) numbers.push_back(lookup_->number(text));
  }

 private:
  std::shared_ptr<const Lookup> lookup_;
};

class StringLookupLayer final : public internal::WithVocabulary<std::string, TextLayer, StringLookupConfig> {
 public:
  explicit StringLookupLayer(StringLookupConfig config) : WithVocabulary(std::move(config)) {
    auto& c = config_;
    c.output_mode = internal::mode_of(who(), c.output_mode, {"int", "one_hot", "multi_hot", "count", "tf_idf"});
    internal::LookupOptions<std::string> options{.max_tokens = c.max_tokens,
                                                 .num_oov_indices = c.num_oov_indices,
                                                 .oov_token = c.oov_token,
                                                 .invert = c.invert,
                                                 .output_mode = c.output_mode,
                                                 .pad_to_max_tokens = c.pad_to_max_tokens,
                                                 .salt = internal::salt_of(who(), c.salt)};
    if (!c.mask_token.empty()) options.mask_token = c.mask_token.front();
    take_vocabulary(std::move(options), c.output_mode == "int" ? "int64" : "");
  }

  Tensor call(const Tensor& x, Context&) override {
    const auto vocabulary = lookup();
    if (config_.invert) return inverted(x, *vocabulary);
    require<TypeError>(x.dtype() == graph::uint8 && x.ndim() > 0, "expected texts, uint8 with an axis of bytes, got ",
                       x.spec());
    const Tensor texts = ops::reshape(x, {x.shape().drop_back().elements(), 1, x.shape().back()});
    const Tensor numbers =
        internal::read_texts(texts, std::make_shared<TokenReader>(vocabulary), internal::ReadAs::sequence, 1);
    return internal::encoded_tokens(ops::reshape(numbers, x.shape().drop_back()), *vocabulary, compute_dtype());
  }

  DType input_dtype(DType data) const override { return config_.invert ? data : graph::uint8; }

  void check_data(const Array& x) const override {
    if (config_.invert) return;
    internal::require_texts(who(), x);
    if (config_.num_oov_indices > 0 || vocabulary_size() == 0) return;
    const auto known = lookup();
    const Strings texts = Strings::of(x);
    for (const std::string& text : texts.values())
      require<ValueError>(known->number(text) >= 0 || text == options().mask_token, who(),
                          "expected tokens of the vocabulary alone with num_oov_indices = 0, got '", text, "'");
  }

 private:
  // What is none of the numbers has the last place.
  Tensor inverted(const Tensor& x, const Lookup& lookup) const {
    require<TypeError>(graph::is_integer(x.dtype()), "expected numbers of texts, got ", x.spec());
    std::vector<std::string> texts = lookup.all();
    const Tensor size = constant(Array::scalar(static_cast<std::int64_t>(texts.size()))),
                 numbers = ops::cast(x, graph::int64);
    texts.push_back(config_.oov_token);
    const Tensor inside =
        ops::logical_and(ops::greater_equal(numbers, constant(0, graph::int64)), ops::less(numbers, size));
    return ops::take(constant(Strings(std::move(texts)).array()), ops::where(inside, numbers, size));
  }

  void learn_texts(const std::vector<Strings>& batches) override {
    learn_from(batches, [](const Strings& batch, internal::TokenCounts<std::string>& counts) {
      const std::size_t documents = batch.shape().rank() > 0 ? static_cast<std::size_t>(batch.shape().front()) : 1;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (i % (batch.size() / documents) == 0) counts.begin_document();
        counts.add(batch.values()[i]);
      }
    });
  }
};

const bool string_lookup_registered = registry().add<StringLookupLayer>("StringLookup");

}  // namespace

void StringLookupConfig::fields(ConfigVisitor& v) {
  v("max_tokens", max_tokens);
  v("num_oov_indices", num_oov_indices);
  v("mask_token", static_cast<std::vector<std::string>&>(mask_token), {.number_if_one = true});
  v("oov_token", oov_token);
  v("vocabulary", static_cast<std::vector<std::string>&>(vocabulary));
  v("idf_weights", idf_weights);
  v("invert", invert);
  v("output_mode", output_mode);
  v("pad_to_max_tokens", pad_to_max_tokens);
  v("sparse", sparse);
  v("encoding", encoding);
  v("salt", salt, {.since_keras3 = true});
  v("vocabulary_size", vocabulary_size, {.only_read = true});
  std::string oov_method;             // Keras 3: of integers alone
  bool has_input_vocabulary = false;  // Keras 2: whether there is one says the same
  v("oov_method", oov_method, {.only_read = true});
  v("has_input_vocabulary", has_input_vocabulary, {.only_read = true});
  if (v.purpose() == ConfigVisitor::Purpose::read) sparse = false;
}

Made<TextLayer, StringLookupConfig> StringLookupConfig::make() const {
  return std::make_shared<StringLookupLayer>(*this);
}

}  // namespace cornu::keras::layers
