#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "cornu/graph/array/array_type.h"
#include "cornu/graph/tensor.h"

// What StringLookup, IntegerLookup and TextVectorization share: the numbers of tokens. Keras: `IndexLookup`.

namespace cornu::keras::layers::internal {

/// How a token is looked at: texts without a copy.
template <class Token>
using View = std::conditional_t<std::is_same_v<Token, std::string>, std::string_view, std::int64_t>;

struct TokenHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  std::size_t operator()(std::int64_t number) const { return std::hash<std::int64_t>()(number); }
};
template <class Token, class Value>
using ByToken = std::unordered_map<Token, Value, TokenHash, std::equal_to<>>;

template <class Token>
struct LookupOptions {
  std::optional<int> max_tokens = std::nullopt;
  int num_oov_indices = 1;
  std::optional<Token> mask_token = std::nullopt;
  Token oov_token = {};
  bool invert = false;
  std::string output_mode = "int";
  bool pad_to_max_tokens = false;
  bool hashes = true;  // unknown tokens are spread by a hash, rather than by what is left of a division
  std::vector<std::int64_t> salt = {};

  int oov_start() const { return mask_token && output_mode == "int" ? 1 : 0; }
  int token_start() const { return oov_start() + num_oov_indices; }
  /// Throws ValueError, naming the layer, for arguments that contradict each other.
  void check(const std::string& who) const;
};

/// Keras' words for modes, with older ones, of a config's `output_mode`.
std::string mode_of(const std::string& who, const std::string& given, std::initializer_list<const char*> known);
/// A salt of one number stands for two of it. Throws ValueError for another length.
std::vector<std::int64_t> salt_of(const std::string& who, const std::optional<std::vector<int>>& salt);
/// The tokens in a file's lines. Throws ValueError, naming the layer, if it cannot be read.
template <class Token>
void read_vocabulary(const std::string& who, const std::string& file, std::vector<Token>& tokens);

/// The same of a text, `name` for messages.
void parse_vocabulary(const std::string& who, const std::string& name, std::istream& in,
                      std::vector<std::string>& tokens);
void parse_vocabulary(const std::string& who, const std::string& name, std::istream& in,
                      std::vector<std::int64_t>& tokens);

/// A vocabulary that does not change any more: graphs that were described keep theirs.
template <class Token>
class IndexLookup {
 public:
  /// Throws ValueError as VocabularyLayer::set_vocabulary.
  IndexLookup(const std::string& who, LookupOptions<Token> options, const std::vector<Token>& vocabulary,
              const std::vector<double>& idf_weights);

  const LookupOptions<Token>& options() const { return options_; }
  /// The tokens without special ones.
  const std::vector<Token>& tokens() const { return tokens_; }
  std::int64_t size() const { return options_.token_start() + static_cast<std::int64_t>(tokens_.size()); }
  /// The length of encoded numbers.
  std::int64_t depth() const { return options_.pad_to_max_tokens ? *options_.max_tokens : size(); }
  /// With special tokens in front.
  std::vector<Token> all() const;
  /// Weights of numbers, float32 (depth,); with "tf_idf".
  const graph::Array& idf_weights() const { return idf_; }
  /// A token's number; -1 for what is to count nowhere, and for an unknown one if there is no number for those.
  std::int64_t number(View<Token> token) const;

 private:
  LookupOptions<Token> options_;
  std::vector<Token> tokens_;
  ByToken<Token, std::int64_t> numbers_;
  graph::Array idf_;
};

/// Counts tokens, from which it makes a vocabulary.
template <class Token>
class TokenCounts {
 public:
  void begin_document() { ++documents_; }
  void add(View<Token> token);
  struct Learnt {
    std::vector<Token> tokens;
    std::vector<double> idf_weights;
  };
  /// The most frequent ones, as many as there is room for.
  Learnt learnt(const LookupOptions<Token>& options) const;

 private:
  struct Count {
    std::int64_t times = 0, documents = 0, last = 0;
  };
  ByToken<Token, Count> counts_;
  std::int64_t documents_ = 0;
};

extern template class IndexLookup<std::string>;
extern template class IndexLookup<std::int64_t>;
extern template class TokenCounts<std::string>;
extern template class TokenCounts<std::int64_t>;

/// Numbers as the mode says, `encoded` (categories.h), with weights for "tf_idf".
template <class Token>
graph::Tensor encoded_tokens(const graph::Tensor& numbers, const IndexLookup<Token>& lookup, graph::DType dtype);

}  // namespace cornu::keras::layers::internal
