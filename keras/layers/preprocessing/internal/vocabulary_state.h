#pragma once

#include <limits>
#include <memory>
#include <sstream>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"
#include "cornu/keras/layers/preprocessing/internal/index_lookup.h"
#include "cornu/keras/layers/preprocessing/vocabulary.h"
#include "cornu/keras/utils/unicode.h"

namespace cornu::keras::layers::internal {

/// Throws TypeError, naming the layer, for data that is no text.
inline void require_texts(const std::string& who, const Array& x) {
  graph::require<TypeError>(x.dtype() == graph::uint8 && x.ndim() > 0, who,
                            "expected texts, uint8 with an axis of bytes, got ", x.dtype(), " of shape ", x.shape());
}

/// What the layers with a vocabulary share: how it is given, learnt, kept in the config, and asked for. A class says in
/// its constructor `take_vocabulary(options)`; when it is called, `lookup()` has the numbers.
template <class Token, class Base, class Config>
class WithVocabulary : public Configured<Base, Config> {
  using Parent = Configured<Base, Config>;

 public:
  explicit WithVocabulary(Config config) : Parent(with_policy(std::move(config))) {
    this->set_autocast(false);  // bfloat16 does not hold every number of a token
  }

  void fields(ConfigVisitor& v) override {
    Config c = this->config_;
    c.name = this->name();
    c.trainable = this->trainable();
    c.dtype = this->dtype_policy().name();
    if (v.purpose() == ConfigVisitor::Purpose::write_keras2 && !keras2_dtype_.empty()) c.dtype = keras2_dtype_;
    this->config_fields(c, v);
  }

  Specs compute_output_specs(const Specs& inputs) override {
    graph::require<ValueError>(lookup_ || this->config_.vocabulary_size, this->who(), kExpected);
    struct Describing {  // building describes as well
      bool &flag, before;
      explicit Describing(bool& f) : flag(f), before(std::exchange(f, true)) {}
      ~Describing() { flag = before; }
    } describing(describing_);
    return Parent::compute_output_specs(inputs);
  }

  // Numbers and texts come as they are.
  DType input_dtype(DType data) const override { return data; }

  std::vector<Token> get_vocabulary(bool include_special_tokens) const override {
    if (!lookup_) return {};
    return decoded(include_special_tokens ? lookup_->all() : lookup_->tokens());
  }
  std::int64_t vocabulary_size() const override { return lookup_ ? lookup_->size() : options_.token_start(); }

  void set_vocabulary(const Vocabulary<Token>& vocabulary, const std::vector<double>& idf_weights) override {
    std::vector<Token> tokens = vocabulary;
    if (!vocabulary.file.empty()) {
      graph::require<ValueError>(options_.output_mode != "tf_idf", this->who(),
                                 "a vocabulary file has no idf_weights, which output_mode 'tf_idf' needs");
      read_vocabulary(this->who(), vocabulary.file, tokens);
    }
    keep(std::move(tokens), idf_weights);
  }

  // Files have weights of the special tokens, too, and of room that is left behind.
  PreprocessingLayer::Kept kept() const override {
    if (!lookup_ || options_.output_mode != "tf_idf") return {};
    return {{{"idf_weights", lookup_->idf_weights()}}, {}};
  }
  void restore(const PreprocessingLayer::Kept& kept) override {
    const auto text = kept.assets.find("vocabulary.txt");
    if (given_ || text == kept.assets.end()) return;
    std::vector<Token> tokens;
    std::istringstream in(text->second);
    parse_vocabulary(this->who(), text->first, in, tokens);
    std::vector<double> weights;
    const auto stored = kept.arrays.find("idf_weights");
    if (options_.output_mode == "tf_idf" && stored != kept.arrays.end()) {
      const Array all = stored->second.astype(graph::float64);
      const auto special = static_cast<std::int64_t>(options_.token_start());
      // The tokens may have the special ones in front of them, as get_vocabulary gives them.
      const auto own = static_cast<std::int64_t>(tokens.size()) - special;
      graph::require<ValueError>(all.ndim() == 1 && own >= 0 && all.size() >= special + own, this->who(),
                                 "expected idf_weights for a vocabulary of ", tokens.size(), ", got shape ",
                                 all.shape());
      tokens.erase(tokens.begin(), tokens.begin() + special);
      const double* first = all.template data<double>() + special;
      weights.assign(first, first + own);
    }
    keep(std::move(tokens), weights);
  }

 protected:
  /// With the dtype that Keras 2 has in files, if that is no policy.
  void take_vocabulary(LookupOptions<Token> options, std::string keras2_dtype) {
    auto& c = this->config_;
    keras2_dtype_ = std::move(keras2_dtype);
    options.check(this->who());
    require_dense(this->who(), c.sparse);
    options_ = std::move(options);
    given_ = !c.vocabulary.empty() || !c.vocabulary.file.empty();
    graph::require<ValueError>(given_ || c.idf_weights.empty(), this->who(),
                               "expected a vocabulary with idf_weights, got none");
    if (given_) WithVocabulary::set_vocabulary(Vocabulary<Token>(c.vocabulary), std::vector<double>(c.idf_weights));
  }

  const LookupOptions<Token>& options() const { return options_; }

  /// Throws ValueError if there is no vocabulary; while the layer is described one of the size that a file says will
  /// do.
  std::shared_ptr<const IndexLookup<Token>> lookup() const {
    if (lookup_) return lookup_;
    graph::require<ValueError>(describing_, this->who(), kExpected);
    std::vector<Token> tokens;
    const std::int64_t others = std::max<std::int64_t>(*this->config_.vocabulary_size - options_.token_start(), 1);
    for (std::int64_t i = 0; i < others; ++i) {
      if constexpr (std::is_same_v<Token, std::string>)
        tokens.push_back(std::to_string(i).append(1, '\x01'));
      else
        tokens.push_back(std::numeric_limits<std::int64_t>::min() + i);
    }
    const std::vector<double> weights(options_.output_mode == "tf_idf" ? tokens.size() : 0, 1.0);
    return std::make_shared<const IndexLookup<Token>>(this->who(), options_, tokens, weights);
  }

  /// What `adapt` does with batches, of which `count` counts the tokens.
  template <class Batch, class F>
  void learn_from(const std::vector<Batch>& batches, F&& count) {
    graph::require<ValueError>(!given_, this->who(), "has a vocabulary by its arguments: there is nothing to adapt");
    TokenCounts<Token> counts;
    for (const Batch& batch : batches) count(batch, counts);
    auto learnt = counts.learnt(options_);
    graph::require<ValueError>(!learnt.tokens.empty(), this->who(), "expected data with tokens to adapt to, got none");
    keep(decoded(std::move(learnt.tokens)), learnt.idf_weights);
  }

 private:
  static constexpr const char* kExpected =
      "expected a vocabulary: call adapt before the layer is used, or give vocabulary; got none";

  // The dtype of the numbers, or of texts, which Keras 2 has there, is no policy by which layers compute.
  static Config with_policy(Config config) {
    if (config.dtype.starts_with("int") || config.dtype == "string") config.dtype.clear();
    return config;
  }

  // The config has the tokens in UTF-8, data has them in the layer's encoding.
  std::vector<Token> converted(std::vector<Token> tokens,
                               std::string (*convert)(const std::string&, const std::string&)) const {
    if constexpr (std::is_same_v<Token, std::string>)
      if (const std::string& encoding = this->config_.encoding; encoding != "utf-8")
        for (Token& token : tokens) token = convert(token, encoding);
    return tokens;
  }
  std::vector<Token> decoded(std::vector<Token> tokens) const { return converted(std::move(tokens), utils::decode); }

  void keep(std::vector<Token> tokens, std::vector<double> idf_weights) {
    lookup_ = std::make_shared<const IndexLookup<Token>>(this->who(), options_, converted(tokens, utils::encode),
                                                         idf_weights);
    auto& c = this->config_;
    c.vocabulary = std::move(tokens);
    c.idf_weights = std::move(idf_weights);
  }

  LookupOptions<Token> options_;
  std::shared_ptr<const IndexLookup<Token>> lookup_;
  std::string keras2_dtype_;
  bool given_ = false, describing_ = false;
};

}  // namespace cornu::keras::layers::internal
