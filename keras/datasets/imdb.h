#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/text_split.h"

/// IMDB (Maas et al. 2011): 50,000 reviews of films as numbers of words, labelled 1 (liked) or 0.
namespace cornu::keras::datasets::imdb {

/// Keras' arguments, in its order.
struct LoadDataConfig {
  io::Path path = {};                           ///< a file of Keras' form; empty: `imdb.npz` in its cache
  std::optional<int> num_words = std::nullopt;  ///< words from this number on are unknown
  int skip_top = 0;                             ///< words below this number are unknown
  std::optional<int> maxlen = std::nullopt;     ///< texts of this length and longer are left out
  std::uint64_t seed = 113;                     ///< of the order
  std::optional<int> start_char = 1;            ///< begins each text; std::nullopt: nothing does
  std::optional<int> oov_char = 2;              ///< stands for unknown words; std::nullopt: they are left out
  int index_from = 3;                           ///< is added to the words' numbers
};

/// Training and test data, 25,000 texts each, in the order and with the numbers of Keras. Its rules are kept where they
/// surprise: without num_words the largest number of all counts as unknown, and maxlen leaves out texts of just this
/// length.
///
///     auto [train, test] = datasets::imdb::load_data({.num_words = 10000});
///     Array x = utils::pad_sequences(train.x, {.maxlen = 200});
///
/// Without a path `~/.keras/datasets/imdb.npz`, downloaded from Keras' address if it is missing, with its SHA-256
/// checked. The lists in it are pickled by NumPy; they are read as data, and nothing is run. Throws IoError for a
/// missing file or a failed download, saying what to do; FormatError for a file that is truncated, damaged or foreign;
/// ValueError where maxlen leaves nothing. Keras: `datasets.imdb.load_data`.
TextSplits load_data(const LoadDataConfig& config = {});

/// The number of each word, from 1 for the most frequent one; in `load_data` they are higher by index_from. Without a
/// path `imdb_word_index.json` in Keras' cache, downloaded if it is missing. Throws as `load_data`.
std::map<std::string, int> get_word_index(const io::Path& path = {});

}  // namespace cornu::keras::datasets::imdb
