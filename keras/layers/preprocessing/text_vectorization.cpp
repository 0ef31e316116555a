#include "cornu/keras/layers/preprocessing/text_vectorization.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/read_texts.h"
#include "cornu/keras/layers/preprocessing/internal/vocabulary_state.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::require;
using Lookup = internal::IndexLookup<std::string>;
using Tokens = std::vector<std::string>;

// ASCII, as TensorFlow's ops on texts.
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/// The steps from a text to its tokens.
struct Tokenizer {
  TextStep<std::string> standardize;
  TextStep<Tokens> split;
  std::vector<int> widths;  // of n-grams

  bool splits() const { return !split.word.empty(); }

  std::string standardized(std::string text) const {
    if (standardize.function) return standardize.function(text);
    const bool strips = standardize.word.find("strip") != std::string::npos;
    if (strips) std::erase_if(text, is_punctuation);
    if (standardize.word.starts_with("lower"))
      for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  }

  void add_words(const std::string& text, Tokens& tokens) const {
    if (split.function) {
      for (std::string& token : split.function(text)) tokens.push_back(std::move(token));
    } else if (split.word == "character") {
      for (std::string& token : utils::unicode_split(text)) tokens.push_back(std::move(token));
    } else if (!splits()) {
      tokens.push_back(text);
    } else {
      for (auto end = text.begin(); end != text.end();) {
        const auto begin = std::find_if_not(end, text.end(), is_space);
        end = std::find_if(begin, text.end(), is_space);
        if (begin != end) tokens.emplace_back(begin, end);
      }
    }
  }

  // Narrow n-grams come before wide ones.
  Tokens joined(Tokens words) const {
    if (widths.empty()) return words;
    Tokens tokens;
    for (const int width : widths)
      for (std::size_t i = 0; i + static_cast<std::size_t>(width) <= words.size(); ++i) {
        std::string token = words[i];
        for (std::size_t k = 1; k < static_cast<std::size_t>(width); ++k) token.append(1, ' ').append(words[i + k]);
        tokens.push_back(std::move(token));
      }
    return tokens;
  }

  template <class Texts>
  Tokens tokens(const Texts& texts) const {
    Tokens words;
    for (const auto& text : texts) add_words(standardized(std::string(text)), words);
    return joined(std::move(words));
  }
};

class VectorReader final : public internal::TextReader {
 public:
  VectorReader(Tokenizer tokenizer, std::shared_ptr<const Lookup> lookup)
      : tokenizer_(std::move(tokenizer)), lookup_(std::move(lookup)) {}
  void read(std::span<const std::string_view> texts, std::vector<std::int64_t>& numbers) const override {
    for (const std::string& token : tokenizer_.tokens(texts)) numbers.push_back(lookup_->number(token));
  }

 private:
  Tokenizer tokenizer_;
  std::shared_ptr<const Lookup> lookup_;
};

class TextVectorizationLayer final : public internal::WithVocabulary<std::string, TextLayer, TextVectorizationConfig> {
 public:
  explicit TextVectorizationLayer(TextVectorizationConfig config) : WithVocabulary(std::move(config)) {
    auto& c = config_;
    c.output_mode = internal::mode_of(who(), c.output_mode, {"int", "multi_hot", "count", "tf_idf"});
    require<ValueError>(c.standardize.function || c.standardize.word.empty() || c.standardize.word == "lower" ||
                            c.standardize.word == "strip_punctuation" ||
                            c.standardize.word == "lower_and_strip_punctuation",
                        who(),
                        "expected standardize among 'lower_and_strip_punctuation', 'lower', "
                        "'strip_punctuation', a function, none, got '",
                        c.standardize.word, "'");
    require<ValueError>(
        c.split.function || c.split.word.empty() || c.split.word == "whitespace" || c.split.word == "character", who(),
        "expected split among 'whitespace', 'character', a function, none, got '", c.split.word, "'");
    require<ValueError>(c.output_mode == "int" || !c.output_sequence_length, who(),
                        "takes output_sequence_length if output_mode is 'int', not '", c.output_mode, "'");
    require<ValueError>(c.output_sequence_length.value_or(1) > 0, who(),
                        "expected a positive output_sequence_length, got ", c.output_sequence_length.value_or(1));
    require<ValueError>(!c.ragged, who(), "ragged = true is not supported: there are no ragged tensors");
    tokenizer_ = {c.standardize, c.split, widths()};
    take_vocabulary({.max_tokens = c.max_tokens,
                     .mask_token = "",
                     .oov_token = "[UNK]",
                     .output_mode = c.output_mode,
                     .pad_to_max_tokens = c.pad_to_max_tokens},
                    "string");
  }

  Tensor call(const Tensor& x, Context&) override {
    const auto vocabulary = lookup();
    const Tensor texts = in_rows(x);
    const auto reader = std::make_shared<VectorReader>(tokenizer_, vocabulary);
    if (config_.output_mode == "int") {
      const std::int64_t length = sequence_length(texts.shape()[1]);
      const Tensor numbers = internal::read_texts(texts, reader, internal::ReadAs::sequence, length);
      const bool alone = x.ndim() == 2 && !tokenizer_.splits() && !config_.output_sequence_length;
      return alone && length == 1 ? ops::reshape(numbers, {x.shape().front()}) : numbers;
    }
    Tensor y = internal::read_texts(texts, reader, internal::ReadAs::counts, vocabulary->depth());
    if (config_.output_mode == "multi_hot") y = ops::minimum(y, constant(1, graph::float32));
    if (config_.output_mode == "tf_idf") y = y * constant(vocabulary->idf_weights());
    return ops::cast(y, compute_dtype());
  }

  DType input_dtype(DType) const override { return graph::uint8; }
  void check_data(const Array& x) const override { internal::require_texts(who(), x); }
  std::string kept_twice() const override { return "_lookup_layer"; }

 private:
  std::vector<int> widths() {
    if (!config_.ngrams) return {};
    const Array given = config_.ngrams->astype(graph::int32);
    config_.ngrams = given;
    std::vector<int> widths(given.span<std::int32_t>().begin(), given.span<std::int32_t>().end());
    const bool up_to = given.ndim() == 0;
    const bool positive = std::all_of(widths.begin(), widths.end(), [](int width) { return width > 0; });
    require<ValueError>(given.ndim() < 2 && positive && !widths.empty(), who(),
                        "expected ngrams to be a positive number or a list of them, got ", given);
    if (!up_to) return widths;
    const int widest = widths.front();
    widths.clear();
    for (int width = 1; width <= widest; ++width) widths.push_back(width);
    return widths;
  }

  // (rows, texts in a row, bytes)
  Tensor in_rows(const Tensor& x) const {
    require<TypeError>(x.dtype() == graph::uint8, "expected texts, uint8 with an axis of bytes, got ", x.spec());
    require<ShapeError>(x.ndim() == 2 || (x.ndim() == 3 && (!tokenizer_.splits() || x.shape()[1] == 1)), who(),
                        "expected texts of shape (batch,) or (batch, 1), got ",
                        x.ndim() > 0 ? x.shape().drop_back() : x.shape());
    return x.ndim() == 3 ? x : ops::reshape(x, {x.shape()[0], 1, x.shape()[1]});
  }

  std::int64_t sequence_length(std::int64_t texts) const {
    if (config_.output_sequence_length) return *config_.output_sequence_length;
    require<ValueError>(!tokenizer_.splits(), who(),
                        "in a model the number of tokens needs to be known: give output_sequence_length");
    if (tokenizer_.widths.empty()) return texts;
    std::int64_t length = 0;
    for (const int width : tokenizer_.widths) length += std::max<std::int64_t>(texts - width + 1, 0);
    return length;
  }

  // Outside of a model the longest text says how many numbers there are.
  Array look_up(const Strings& texts) override {
    if (config_.output_mode != "int" || config_.output_sequence_length || !tokenizer_.splits())
      return WithVocabulary::look_up(texts);
    const auto vocabulary = lookup();
    const Shape& shape = texts.shape();
    require<ShapeError>(shape.rank() == 1 || (shape.rank() == 2 && shape[1] == 1), who(),
                        "expected texts of shape (batch,) or (batch, 1), got ", shape);
    const VectorReader reader(tokenizer_, vocabulary);
    std::vector<std::vector<std::int64_t>> rows(texts.size());
    std::size_t longest = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string_view text = texts.values()[i];
      reader.read({&text, 1}, rows[i]);
      longest = std::max(longest, rows[i].size());
    }
    Array numbers =
        graph::zeros({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(longest)}, graph::int64);
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::copy(rows[i].begin(), rows[i].end(), numbers.data<std::int64_t>() + i * longest);
    return numbers;
  }

  void learn_texts(const std::vector<Strings>& batches) override {
    learn_from(batches, [&](const Strings& batch, internal::TokenCounts<std::string>& counts) {
      const Shape& shape = batch.shape();
      require<ShapeError>(shape.rank() == 1 || (shape.rank() == 2 && (shape[1] == 1 || !tokenizer_.splits())), who(),
                          "expected texts of shape (batch,) or (batch, 1), got ", shape);
      const std::size_t each = shape.rank() == 1 ? 1 : static_cast<std::size_t>(shape[1]);
      for (std::size_t i = 0; i + each <= batch.size() && each > 0; i += each) {
        counts.begin_document();
        for (const std::string& token : tokenizer_.tokens(std::span(batch.values()).subspan(i, each)))
          counts.add(token);
      }
    });
  }

  Tokenizer tokenizer_;
};

const bool text_vectorization_registered = registry().add<TextVectorizationLayer>("TextVectorization");

}  // namespace

void TextVectorizationConfig::fields(ConfigVisitor& v) {
  const auto purpose = v.purpose();
  if (purpose == ConfigVisitor::Purpose::write_keras2 || purpose == ConfigVisitor::Purpose::write_keras3)
    require<ValueError>(!standardize.function && !split.function, "layer '", name,
                        "' cannot be saved: ", standardize.function ? "standardize" : "split",
                        " is a function, which files do not hold; give a word of Keras'");
  v("max_tokens", max_tokens);
  v("standardize", standardize.word);
  v("split", split.word);
  v("ngrams", ngrams);
  v("output_mode", output_mode);
  v("output_sequence_length", output_sequence_length);
  v("pad_to_max_tokens", pad_to_max_tokens);
  v("vocabulary", static_cast<std::vector<std::string>&>(vocabulary));
  v("idf_weights", idf_weights);
  v("sparse", sparse);
  v("ragged", ragged);
  v("encoding", encoding);
  v("vocabulary_size", vocabulary_size, {.only_read = true});
  bool has_input_vocabulary = false;  // of Keras 2: whether there is one says the same
  v("has_input_vocabulary", has_input_vocabulary, {.only_read = true});
  if (purpose == ConfigVisitor::Purpose::read) sparse = false;
}

Made<TextLayer, TextVectorizationConfig> TextVectorizationConfig::make() const {
  return std::make_shared<TextVectorizationLayer>(*this);
}

}  // namespace cornu::keras::layers
