#pragma once

#include "cornu/keras/layers/preprocessing/vocabulary.h"

namespace cornu::keras::layers {

struct StringLookupConfig {
  std::optional<int> max_tokens = std::nullopt;  ///< the largest vocabulary, with special tokens; above 1
  int num_oov_indices = 1;                       ///< how many numbers unknown tokens have, spread by a hash
  OptionalText mask_token = {};
  std::string oov_token = "[UNK]";                      ///< with `invert`: what unknown numbers become
  Vocabulary<std::string> vocabulary = {};              ///< in UTF-8, unless `adapt` finds it
  std::vector<double> idf_weights = {};                 ///< for "tf_idf": one for each token of the vocabulary
  bool invert = false;                                  ///< makes tokens of numbers
  std::string output_mode = "int";                      ///< or "one_hot", "multi_hot", "count", "tf_idf"
  bool pad_to_max_tokens = false;                       ///< encoded numbers have length max_tokens
  bool sparse = false;                                  ///< true is an error
  std::string encoding = "utf-8";                       ///< of the data
  std::optional<std::vector<int>> salt = std::nullopt;  ///< one or two numbers: SipHash by this key, not FarmHash
  CORNU_LAYER_ARGUMENTS;
  std::optional<int> vocabulary_size = std::nullopt;  ///< what a file says whose vocabulary lies elsewhere
  using positional = Positions<&StringLookupConfig::max_tokens>;
  void fields(ConfigVisitor& v);
  Made<TextLayer, StringLookupConfig> make() const;
};

/// The number of each text in a vocabulary, as IntegerLookup is for integers: input Strings, or uint8 (…, bytes), as
/// data of a model has them; output "int" of shape (…), or encoded. With `invert` numbers make texts, uint8 with an
/// axis of bytes behind: `Strings::of(inverse(ids))`. In a model it stands behind `Input({.shape = {1}, .dtype =
/// "string"})`. Errors as there; TypeError for input that is no text. Keras: `layers.StringLookup`.
///
///     StringLookup lookup({.vocabulary = {"a", "b", "c"}});
///     Array y = lookup(Strings{"c", "z"});  // {3, 0}
using StringLookup = TextLayer::Of<StringLookupConfig>;

}  // namespace cornu::keras::layers
