#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/text_split.h"

/// Reuters: 11,228 newswires as numbers of words, of 46 topics.
namespace cornu::keras::datasets::reuters {

/// Keras' arguments, in its order.
struct LoadDataConfig {
  io::Path path = {};                           ///< a file of Keras' form; empty: `reuters.npz` in its cache
  std::optional<int> num_words = std::nullopt;  ///< words from this number on are unknown
  int skip_top = 0;                             ///< words below this number are unknown
  std::optional<int> maxlen = std::nullopt;     ///< texts of this length and longer are left out
  double test_split = 0.2;                      ///< the share of the test data, 0 to 1
  std::uint64_t seed = 113;                     ///< of the order
  std::optional<int> start_char = 1;            ///< begins each text; std::nullopt: nothing does
  std::optional<int> oov_char = 2;              ///< stands for unknown words; std::nullopt: they are left out
  int index_from = 3;                           ///< is added to the words' numbers
};

/// Training and test data, as `imdb::load_data`, and with its errors; ValueError for a test_split out of range. Keras:
/// `datasets.reuters.load_data`.
///
///     auto [train, test] = datasets::reuters::load_data({.num_words = 1000, .test_split = 0.1});
TextSplits load_data(const LoadDataConfig& config = {});

/// The number of each word, as `imdb::get_word_index`; the file is `reuters_word_index.json`.
std::map<std::string, int> get_word_index(const io::Path& path = {});

/// The names of the topics by their numbers: "cocoa", "grain", …
std::vector<std::string> get_label_names();

}  // namespace cornu::keras::datasets::reuters
