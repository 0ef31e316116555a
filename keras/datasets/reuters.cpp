#include "cornu/keras/datasets/reuters.h"

#include <filesystem>
#include <iterator>

#include "cornu/graph/check.h"
#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/datasets/internal/word_numbers.h"

namespace cornu::keras::datasets::reuters {

TextSplits load_data(const LoadDataConfig& config) {
  graph::require<ValueError>(config.test_split >= 0 && config.test_split <= 1,
                             "reuters::load_data: expected a test_split from 0 to 1, got ", config.test_split);
  const std::filesystem::path path =
      internal::file_of(config.path, "reuters", "takes an .npz file", "reuters.npz",
                        "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916");
  utils::internal::NumpyRandom random(config.seed);
  TextSplit all = internal::read_texts(io::npy::Archive(path), path, "x", "y", random);
  const internal::WordRules rules{config.num_words,  config.skip_top, config.maxlen,
                                  config.start_char, config.oov_char, config.index_from};
  internal::number_texts(all, rules);
  internal::cut_vocabulary({&all}, rules, "reuters");
  const auto n = static_cast<std::int64_t>(all.x.size());
  const auto first = static_cast<std::int64_t>(static_cast<double>(n) * (1 - config.test_split));
  TextSplits splits;
  splits.test = {{std::make_move_iterator(all.x.begin() + first), std::make_move_iterator(all.x.end())},
                 all.y.slice(first, n)};
  all.x.resize(static_cast<std::size_t>(first));
  splits.train = {std::move(all.x), all.y.slice(0, first)};
  return splits;
}

std::map<std::string, int> get_word_index(const io::Path& path) {
  return internal::read_word_index(internal::file_of(path, "reuters", "takes an .npz file", "reuters_word_index.json",
                                                     "4d44cc38712099c9e383dc6e5f11a921"));
}

std::vector<std::string> get_label_names() {
  return {"cocoa",     "grain",        "veg-oil", "earn",       "acq",      "wheat",    "copper",
          "housing",   "money-supply", "coffee",  "sugar",      "trade",    "reserves", "ship",
          "cotton",    "carcass",      "crude",   "nat-gas",    "cpi",      "money-fx", "interest",
          "gnp",       "meal-feed",    "alum",    "oilseed",    "gold",     "tin",      "strategic-metal",
          "livestock", "retail",       "ipi",     "iron-steel", "rubber",   "heat",     "jobs",
          "lei",       "bop",          "zinc",    "orange",     "pet-chem", "dlr",      "gas",
          "silver",    "wpi",          "hog",     "lead"};
}

}  // namespace cornu::keras::datasets::reuters
