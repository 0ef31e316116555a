#pragma once

#include "cornu/keras/layers/preprocessing/vocabulary.h"

namespace cornu::keras::layers {

struct IntegerLookupConfig {
  std::optional<int> max_tokens = std::nullopt;  ///< the largest vocabulary, with special tokens; above 1
  int num_oov_indices = 1;                       ///< how many numbers unknown tokens have
  std::optional<std::int64_t> mask_token = std::nullopt;
  std::int64_t oov_token = -1;               ///< with `invert`: what unknown numbers become
  Vocabulary<std::int64_t> vocabulary = {};  ///< unless `adapt` finds it
  std::string vocabulary_dtype = "int64";    ///< no other
  std::vector<double> idf_weights = {};      ///< for "tf_idf": one for each token of the vocabulary
  bool invert = false;                       ///< makes tokens of numbers
  std::string output_mode = "int";           ///< or "one_hot", "multi_hot", "count", "tf_idf"
  bool sparse = false;                       ///< true is an error
  bool pad_to_max_tokens = false;            ///< encoded numbers have length max_tokens
  std::string oov_method = "floormod";       ///< or "farmhash": how unknown tokens are spread over several numbers
  std::optional<std::vector<int>> salt = std::nullopt;  ///< one or two numbers, for "farmhash": SipHash by this key
  CORNU_LAYER_ARGUMENTS;
  std::optional<int> vocabulary_size = std::nullopt;  ///< what a file says whose vocabulary lies elsewhere
  using positional = Positions<&IntegerLookupConfig::max_tokens>;
  void fields(ConfigVisitor& v);
  Made<IntegerLayer, IntegerLookupConfig> make() const;
};

/// The number of each integer in a vocabulary, which is given or learnt by `adapt`. "int": int64 of the input's shape;
/// first the mask token's number 0, if there is one, then num_oov_indices numbers of unknown tokens, then those of the
/// vocabulary. The other modes encode the numbers as CategoryEncoding does, "tf_idf" the counts times idf_weights, by
/// default for unknown tokens the mean of them; what equals the mask token counts nowhere, and no number is kept for
/// it. Floating input is truncated.
///
/// Throws ValueError for arguments that contradict each other, an empty vocabulary, repeated tokens, another
/// output_mode or oov_method, sparse, and where it is used without a vocabulary. With num_oov_indices = 0 an unknown
/// token is a ValueError if the layer is the first of its model or called by itself, else its number is -1. A file's
/// `sparse` is read as false: the numbers are the same. Keras: `layers.IntegerLookup`.
///
///     IntegerLookup lookup({.vocabulary = {12, 36, 1138, 42}});
///     Array y = lookup(Array{{12, 1138, 42}, {42, 1000, 36}});  // {{1, 3, 4}, {4, 0, 2}}
using IntegerLookup = IntegerLayer::Of<IntegerLookupConfig>;

}  // namespace cornu::keras::layers
