#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/data/strings.h"
#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"

namespace cornu::keras::layers {

/// The argument `vocabulary`: a list of different tokens, `{"earth", "wind"}`, or the name of a file with one token a
/// line, `"words.txt"`; by default none. The tokens for masked and unknown ones may stand in front, as get_vocabulary
/// gives them.
template <class Token>
struct Vocabulary : std::vector<Token> {
  Vocabulary() = default;
  Vocabulary(std::initializer_list<Token> tokens) : std::vector<Token>(tokens) {}
  Vocabulary(std::vector<Token> tokens) : std::vector<Token>(std::move(tokens)) {}  // NOLINT: a list
  Vocabulary(const char* path) : file(path) {}                                      // NOLINT: a file
  std::string file;
};

/// A token that may be none: `.mask_token = ""` differs from none. A list of at most one, as configs are visited.
struct OptionalText : std::vector<std::string> {
  OptionalText() = default;
  OptionalText(std::nullptr_t) {}                              // NOLINT: none
  OptionalText(const char* text) : vector{text} {}             // NOLINT: one
  OptionalText(std::string text) : vector{std::move(text)} {}  // NOLINT: one
};

/// The base of layers that number tokens by a vocabulary, which is given or learnt by `adapt`: tokens by how often they
/// occur, those of one count from the last in the order of bytes, or of numbers, to the first. A model file holds the
/// vocabulary in the layer's config, learnt ones as well. (Real Keras' .h5 files lose those that were learnt. Of such a
/// file the layer is read, and computes when it was given its vocabulary.)
template <class Token>
class CORNU_EXPORT VocabularyLayer : public PreprocessingLayer {
 public:
  using PreprocessingLayer::PreprocessingLayer;

  /// All tokens by their numbers: in mode "int" the mask token, if there is one, then the unknown tokens, then the
  /// vocabulary. Without special tokens the vocabulary alone.
  virtual std::vector<Token> get_vocabulary(bool include_special_tokens = true) const = 0;
  /// With a weight for each token in mode "tf_idf". Throws ValueError for an empty vocabulary, repeated tokens, more
  /// than max_tokens, a mask token amid the others, weights of another number or in another mode, and for a file that
  /// cannot be read.
  virtual void set_vocabulary(const Vocabulary<Token>& vocabulary, const std::vector<double>& idf_weights = {}) = 0;
  /// The number of tokens with the special ones.
  virtual std::int64_t vocabulary_size() const = 0;
};

/// The same for texts.
class CORNU_EXPORT TextLayer : public VocabularyLayer<std::string> {
 public:
  using VocabularyLayer::VocabularyLayer;
  template <class Config>
  using Of = Handle<Configured<TextLayer, Config>, Config>;

  using Layer::operator();
  /// Numbers of texts outside of a model.
  Array operator()(const Strings& texts) { return look_up(texts); }

  using PreprocessingLayer::adapt;
  /// Learns the vocabulary of texts, each of which is a document for "tf_idf", or a row of them. Throws ValueError for
  /// no tokens, and where the vocabulary was given.
  void adapt(const Strings& texts) { learn_texts({texts}); }
  void adapt(std::initializer_list<const char*> texts) { learn_texts({Strings(texts)}); }
  void adapt(const std::vector<Strings>& batches) { learn_texts(batches); }

 protected:
  virtual Array look_up(const Strings& texts) { return Layer::operator()(texts.array()); }
  virtual void learn_texts(const std::vector<Strings>& batches) = 0;
  void learn(const std::vector<Array>& batches) override;
};

/// The same for integers.
class CORNU_EXPORT IntegerLayer : public VocabularyLayer<std::int64_t> {
 public:
  using VocabularyLayer::VocabularyLayer;
  template <class Config>
  using Of = Handle<Configured<IntegerLayer, Config>, Config>;
};

}  // namespace cornu::keras::layers
