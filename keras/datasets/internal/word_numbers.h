#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/npy/npz.h"
#include "cornu/keras/datasets/text_split.h"
#include "cornu/keras/utils/internal/numpy_random.h"

namespace cornu::keras::datasets::internal {

/// How texts are made of the numbers in a file; the arguments of imdb and reuters that they share.
struct WordRules {
  std::optional<int> num_words;
  int skip_top;
  std::optional<int> maxlen;
  std::optional<int> start_char, oov_char;
  int index_from;
};

/// The texts and labels of two arrays in a file, in a random order. Throws FormatError unless there are as many.
TextSplit read_texts(const io::npy::Archive& archive, const std::filesystem::path& path, const std::string& x,
                     const std::string& y, utils::internal::NumpyRandom& random);
/// The first step, for each part: the start, the shift, texts that are too long.
void number_texts(TextSplit& split, const WordRules& rules);
/// The second, for all parts together: unknown words. `who` calls: "imdb".
void cut_vocabulary(const std::vector<TextSplit*>& splits, const WordRules& rules, const char* who);
/// A JSON file of words with their numbers.
std::map<std::string, int> read_word_index(const std::filesystem::path& path);

}  // namespace cornu::keras::datasets::internal
