#include "cornu/keras/layers/preprocessing/internal/index_lookup.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <numeric>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/fingerprint.h"

namespace cornu::keras::layers::internal {

using graph::require;
using graph::ValueError;

std::string mode_of(const std::string& who, const std::string& given, std::initializer_list<const char*> known) {
  const std::string mode = given == "binary" ? "multi_hot" : given == "tf-idf" ? "tf_idf" : given;
  require_output_mode(who, mode, known);
  return mode;
}

std::vector<std::int64_t> salt_of(const std::string& who, const std::optional<std::vector<int>>& salt) {
  if (!salt) return {};
  require<ValueError>(salt->size() == 1 || salt->size() == 2, who, "expected a salt of one or two numbers, got ",
                      salt->size());
  return {salt->front(), salt->back()};
}

void parse_vocabulary(const std::string&, const std::string&, std::istream& in, std::vector<std::string>& tokens) {
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    tokens.push_back(line);
  }
}

void parse_vocabulary(const std::string& who, const std::string& name, std::istream& in,
                      std::vector<std::int64_t>& tokens) {
  std::vector<std::string> lines;
  parse_vocabulary(who, name, in, lines);
  for (const std::string& line : lines) {
    const char* end = line.data() + line.size();
    const auto read = std::from_chars(line.data(), end, tokens.emplace_back());
    require<ValueError>(read.ec == std::errc() && read.ptr == end, who, "expected whole numbers in '", name,
                        "', one a line, got '", line, "' in line ", tokens.size());
  }
}

template <class Token>
void read_vocabulary(const std::string& who, const std::string& file, std::vector<Token>& tokens) {
  std::ifstream in(file);
  require<ValueError>(in.good(), who, "the vocabulary file '", file, "' cannot be read");
  parse_vocabulary(who, file, in, tokens);
}
template void read_vocabulary(const std::string&, const std::string&, std::vector<std::string>&);
template void read_vocabulary(const std::string&, const std::string&, std::vector<std::int64_t>&);

template <class Token>
void LookupOptions<Token>::check(const std::string& who) const {
  require<ValueError>(max_tokens.value_or(2) > 1, who, "expected max_tokens above 1, got ", max_tokens.value_or(0));
  require<ValueError>(!pad_to_max_tokens || max_tokens, who, "pad_to_max_tokens needs max_tokens");
  require<ValueError>(num_oov_indices >= 0, who, "expected num_oov_indices of at least 0, got ", num_oov_indices);
  require<ValueError>(!invert || output_mode == "int", who, "expected output_mode 'int' with invert, got '",
                      output_mode, "'");
  require<ValueError>(salt.empty() || hashes, who, "takes a salt with oov_method 'farmhash' alone");
}

namespace {

template <class Token>
std::string quoted(const Token& token) {
  if constexpr (std::is_same_v<Token, std::string>)
    return "'" + token + "'";
  else
    return std::to_string(token);
}

template <class Token>
std::vector<Token> special_tokens(const LookupOptions<Token>& options) {
  std::vector<Token> special;
  if (options.oov_start() == 1) special.push_back(*options.mask_token);
  special.insert(special.end(), static_cast<std::size_t>(options.num_oov_indices), options.oov_token);
  return special;
}

}  // namespace

template <class Token>
IndexLookup<Token>::IndexLookup(const std::string& who, LookupOptions<Token> options,
                                const std::vector<Token>& vocabulary, const std::vector<double>& idf_weights)
    : options_(std::move(options)) {
  const bool weighs = options_.output_mode == "tf_idf";
  require<ValueError>(!vocabulary.empty(), who, "expected a vocabulary, got an empty one");
  require<ValueError>(weighs || idf_weights.empty(), who, "takes idf_weights if output_mode is 'tf_idf', not '",
                      options_.output_mode, "'");
  require<ValueError>(!weighs || idf_weights.size() == vocabulary.size(), who,
                      "expected idf_weights for a vocabulary of ", vocabulary.size(), ", got ", idf_weights.size());
  const std::vector<Token> special = special_tokens(options_);
  const bool has_special =
      vocabulary.size() >= special.size() && std::equal(special.begin(), special.end(), vocabulary.begin());
  tokens_.assign(vocabulary.begin() + static_cast<std::ptrdiff_t>(has_special ? special.size() : 0), vocabulary.end());
  require<ValueError>(!tokens_.empty(), who, "expected a vocabulary, got special tokens alone");
  std::int64_t next = options_.token_start();
  for (const Token& token : tokens_) {
    require<ValueError>(numbers_.emplace(token, next++).second, who,
                        "expected different tokens in the vocabulary, got ", quoted(token), " twice");
    require<ValueError>(!options_.mask_token || token != *options_.mask_token, who,
                        "expected the mask token in front of the vocabulary or not in it, got ", quoted(token),
                        " amid the others");
    require<ValueError>(!options_.invert || token != options_.oov_token, who,
                        "expected the unknown token in front of the vocabulary or not in it, got ", quoted(token),
                        " amid the others");
  }
  require<ValueError>(size() <= options_.max_tokens.value_or(std::numeric_limits<int>::max()), who,
                      "expected a vocabulary of at most max_tokens = ", options_.max_tokens.value_or(0), ", got ",
                      size(), " tokens with the special ones");
  if (!weighs) return;
  idf_ = graph::zeros({depth()});
  float* weight = idf_.data<float>();
  const auto n = static_cast<double>(idf_weights.size());
  const double mean = std::accumulate(idf_weights.begin(), idf_weights.end(), 0.0) / n;
  if (!has_special) weight = std::fill_n(weight, special.size(), static_cast<float>(mean));
  for (const double given : idf_weights) *weight++ = static_cast<float>(given);
}

template <class Token>
std::vector<Token> IndexLookup<Token>::all() const {
  std::vector<Token> all = special_tokens(options_);
  all.insert(all.end(), tokens_.begin(), tokens_.end());
  return all;
}

template <class Token>
std::int64_t IndexLookup<Token>::number(View<Token> token) const {
  if (options_.mask_token && token == *options_.mask_token) return options_.output_mode == "int" ? 0 : -1;
  if (const auto found = numbers_.find(token); found != numbers_.end()) return found->second;
  const int many = options_.num_oov_indices;
  if (many <= 1) return many == 0 ? -1 : options_.oov_start();
  if constexpr (std::is_same_v<Token, std::string>) {
    const std::uint64_t hash = options_.salt.empty()
                                   ? ops::internal::fingerprint(token)
                                   : ops::internal::keyed_hash(token, static_cast<std::uint64_t>(options_.salt[0]),
                                                               static_cast<std::uint64_t>(options_.salt[1]));
    return options_.oov_start() + static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(many));
  }
  return -1;  // of integers the graph says where they go
}

template <class Token>
void TokenCounts<Token>::add(View<Token> token) {
  auto found = counts_.find(token);
  if (found == counts_.end()) found = counts_.emplace(Token(token), Count()).first;
  Count& count = found->second;
  ++count.times;
  if (count.last != documents_) ++count.documents;
  count.last = documents_;
}

template <class Token>
typename TokenCounts<Token>::Learnt TokenCounts<Token>::learnt(const LookupOptions<Token>& options) const {
  std::vector<std::pair<Token, Count>> sorted;
  for (const auto& entry : counts_)
    if (entry.first != options.oov_token && !(options.mask_token && entry.first == *options.mask_token))
      sorted.emplace_back(entry);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second.times != b.second.times ? a.second.times > b.second.times : a.first > b.first;
  });
  if (options.max_tokens) {
    const auto room = static_cast<std::size_t>(std::max(*options.max_tokens - options.token_start(), 0));
    sorted.resize(std::min(sorted.size(), room));
  }
  Learnt learnt;
  for (auto& [token, count] : sorted) {
    learnt.tokens.push_back(std::move(token));
    if (options.output_mode == "tf_idf")
      learnt.idf_weights.push_back(
          std::log(1 + static_cast<double>(documents_) / static_cast<double>(1 + count.documents)));
  }
  return learnt;
}

template <class Token>
graph::Tensor encoded_tokens(const graph::Tensor& numbers, const IndexLookup<Token>& lookup, graph::DType dtype) {
  const std::string& mode = lookup.options().output_mode;
  if (mode == "int") return numbers;
  if (mode != "tf_idf") return encoded(numbers, mode, lookup.depth(), dtype);
  return encoded(numbers, "count", lookup.depth(), dtype) * graph::constant(lookup.idf_weights().astype(dtype));
}

template struct LookupOptions<std::string>;
template struct LookupOptions<std::int64_t>;
template class IndexLookup<std::string>;
template class IndexLookup<std::int64_t>;
template class TokenCounts<std::string>;
template class TokenCounts<std::int64_t>;
template graph::Tensor encoded_tokens(const graph::Tensor&, const IndexLookup<std::string>&, graph::DType);
template graph::Tensor encoded_tokens(const graph::Tensor&, const IndexLookup<std::int64_t>&, graph::DType);

}  // namespace cornu::keras::layers::internal
