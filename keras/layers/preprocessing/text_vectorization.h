#pragma once

#include <functional>
#include <type_traits>

#include "cornu/keras/layers/preprocessing/vocabulary.h"
#include "cornu/keras/numbers.h"

namespace cornu::keras::layers {

/// How texts are standardized or split: by a word of Keras', by a function of one text, or, `nullptr`, not at all.
/// Several threads call a function at the same time; it must not throw. A model with a function cannot be saved.
template <class Result>
struct TextStep {
  TextStep() = default;
  TextStep(std::nullptr_t) {}                            // NOLINT: not at all
  TextStep(const char* word) : word(word) {}             // NOLINT: Keras' word
  TextStep(std::string word) : word(std::move(word)) {}  // NOLINT: likewise
  template <class F>
  requires std::is_invocable_r_v<Result, F, const std::string&> TextStep(F f)  // NOLINT: a function
      : word("<function>"), function(std::move(f)) {}
  std::string word;
  std::function<Result(const std::string&)> function;
};

struct TextVectorizationConfig {
  std::optional<int> max_tokens = std::nullopt;  ///< the largest vocabulary, with special tokens; above 1
  /// Or "lower", "strip_punctuation", nullptr, a function. As in Keras "lower" knows the letters from A to Z; for other
  /// scripts there is `utils::unicode_lower`.
  TextStep<std::string> standardize = "lower_and_strip_punctuation";
  /// Or "character", nullptr (each text is a token), a function.
  TextStep<std::vector<std::string>> split = "whitespace";
  Numbers ngrams = {};              ///< 2: single tokens and pairs; {2, 3}: pairs and triples; by default none
  std::string output_mode = "int";  ///< or "multi_hot", "count", "tf_idf"
  std::optional<int> output_sequence_length = std::nullopt;  ///< for "int": cuts off, or fills up by zeros
  bool pad_to_max_tokens = false;                            ///< encoded numbers have length max_tokens
  Vocabulary<std::string> vocabulary = {};                   ///< in UTF-8, unless `adapt` finds it
  std::vector<double> idf_weights = {};                      ///< for "tf_idf": one for each token of the vocabulary
  bool sparse = false;                                       ///< true is an error
  bool ragged = false;                                       ///< true is an error
  std::string encoding = "utf-8";                            ///< of the data
  CORNU_LAYER_ARGUMENTS;
  std::optional<int> vocabulary_size = std::nullopt;  ///< what a file says whose vocabulary lies elsewhere
  using positional = Positions<&TextVectorizationConfig::max_tokens>;
  void fields(ConfigVisitor& v);
  Made<TextLayer, TextVectorizationConfig> make() const;
};

/// Numbers of the tokens in texts: each text is standardized, split, its tokens are joined to n-grams, and these have
/// their numbers in a vocabulary, which is given or learnt by `adapt`. Number 0 is padding, 1 an unknown token. Input:
/// Strings (batch,) or (batch, 1); without split (batch, tokens) as well. Output "int": int64 (batch,
/// output_sequence_length), without that as long as the longest, which is known outside of a model alone. The other
/// modes (batch, vocabulary): without the padding, "multi_hot" whether, "count" how often, "tf_idf" how often times
/// idf_weights. In a model it stands behind `Input({.shape = {1}, .dtype = "string"})`.
///
/// Throws ValueError for arguments that contradict each other or that are no words of Keras', an empty vocabulary,
/// repeated tokens, sparse, ragged, where it is used without a vocabulary, and in a model without
/// output_sequence_length; ShapeError and TypeError for other input. Keras: `layers.TextVectorization`.
///
///     TextVectorization vectorize({.max_tokens = 5000, .output_sequence_length = 4});
///     vectorize->adapt({"foo bar", "bar baz", "baz bada boom"});
///     Array ids = vectorize(Strings{"foo qux bar", "qux baz"});  // {{4, 1, 3, 0}, {1, 2, 0, 0}}
using TextVectorization = TextLayer::Of<TextVectorizationConfig>;

}  // namespace cornu::keras::layers
