#pragma once

#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::keras::datasets {

/// Texts as the numbers of their words, each of a length of its own, and their labels, int64 (n,).
struct TextSplit {
  std::vector<std::vector<int>> x;
  Array y;
};

/// What `load_data` of a set of texts returns: `auto [train, test] = datasets::imdb::load_data({.num_words = 10000});`
/// `utils::pad_sequences(train.x, {.maxlen = 200})` makes an array of them.
struct TextSplits {
  TextSplit train, test;
};

}  // namespace cornu::keras::datasets
