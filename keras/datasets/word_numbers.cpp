#include "cornu/keras/datasets/internal/word_numbers.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "cornu/graph/check.h"

namespace cornu::keras::datasets::internal {

namespace fs = std::filesystem;
using graph::message;
using graph::require;

namespace {

constexpr std::int64_t kLargestWord = 1 << 30;  // whatever index_from is, the sum is an int

template <class T>
std::vector<T> in_order(std::vector<T> values, const std::vector<std::int64_t>& order) {
  std::vector<T> sorted;
  sorted.reserve(values.size());
  for (const std::int64_t i : order) sorted.push_back(std::move(values[static_cast<std::size_t>(i)]));
  return sorted;
}

}  // namespace

TextSplit read_texts(const io::npy::Archive& archive, const fs::path& path, const std::string& x_name,
                     const std::string& y_name, utils::internal::NumpyRandom& random) {
  for (const std::string& name : {x_name, y_name})
    require<FormatError>(archive.contains(name), "[", path.string(), "] has no array '", name, "'");
  std::vector<std::vector<std::int64_t>> lists = archive.lists(x_name);
  const Array labels = archive[y_name];
  const auto n = static_cast<std::int64_t>(lists.size());
  require<FormatError>(graph::is_integer(labels.dtype()) && labels.ndim() == 1 && labels.rows() == n, "[",
                       path.string(), ": ", y_name, "] expected labels of an integer dtype and shape (", n,
                       ",), as many as there are texts, got ", labels.dtype(), " ", labels.shape());
  const std::vector<std::int64_t> order = random.shuffled(n);
  TextSplit split;
  for (const std::vector<std::int64_t>& list : in_order(std::move(lists), order)) {
    std::vector<int>& words = split.x.emplace_back();
    words.reserve(list.size() + 1);
    for (const std::int64_t word : list) {
      require<FormatError>(word >= 0 && word < kLargestWord, "[", path.string(), ": ", x_name, "] word ", word,
                           " is out of range");
      words.push_back(static_cast<int>(word));
    }
  }
  split.y = labels.astype(graph::int64)[Array(order)];
  return split;
}

void number_texts(TextSplit& split, const WordRules& rules) {
  for (std::vector<int>& words : split.x) {
    for (int& word : words) word += rules.index_from;
    if (rules.start_char) words.insert(words.begin(), *rules.start_char);
  }
  if (!rules.maxlen.value_or(0)) return;
  std::vector<std::int64_t> kept;
  for (std::size_t i = 0; i < split.x.size(); ++i)
    if (static_cast<std::int64_t>(split.x[i].size()) < *rules.maxlen) kept.push_back(static_cast<std::int64_t>(i));
  split.x = in_order(std::move(split.x), kept);
  split.y = kept.empty() ? split.y.slice(0, 0) : Array(split.y[Array(kept)]);
}

void cut_vocabulary(const std::vector<TextSplit*>& splits, const WordRules& rules, const char* who) {
  int largest = std::numeric_limits<int>::min();
  for (const TextSplit* split : splits) {
    require<ValueError>(!split->x.empty(), who,
                        "::load_data: no text is shorter than maxlen = ", rules.maxlen.value_or(0),
                        "; increase maxlen");
    for (const std::vector<int>& words : split->x)
      for (const int word : words) largest = std::max(largest, word);
  }
  const int end = rules.num_words.value_or(0) ? *rules.num_words : largest;
  const auto unknown = [&](int word) { return word < rules.skip_top || word >= end; };
  for (TextSplit* split : splits)
    for (std::vector<int>& words : split->x) {
      if (rules.oov_char)
        std::replace_if(words.begin(), words.end(), unknown, *rules.oov_char);
      else
        std::erase_if(words, unknown);
    }
}

std::map<std::string, int> read_word_index(const fs::path& path) {
  std::ifstream file(path);
  require<IoError>(file.good(), "[", path.string(), "] cannot read");
  try {
    return nlohmann::json::parse(file).get<std::map<std::string, int>>();
  } catch (const nlohmann::json::exception& e) {
    throw FormatError(message("[", path.string(), "] expected a JSON object of words and numbers: ", e.what()));
  }
}

}  // namespace cornu::keras::datasets::internal
