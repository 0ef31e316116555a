#include "cornu/keras/datasets/imdb.h"

#include <filesystem>

#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/datasets/internal/word_numbers.h"

namespace cornu::keras::datasets::imdb {

TextSplits load_data(const LoadDataConfig& config) {
  const std::filesystem::path path =
      internal::file_of(config.path, "imdb", "takes an .npz file", "imdb.npz",
                        "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f");
  const io::npy::Archive archive(path);
  utils::internal::NumpyRandom random(config.seed);
  TextSplits splits{internal::read_texts(archive, path, "x_train", "y_train", random),
                    internal::read_texts(archive, path, "x_test", "y_test", random)};
  const internal::WordRules rules{config.num_words,  config.skip_top, config.maxlen,
                                  config.start_char, config.oov_char, config.index_from};
  internal::number_texts(splits.train, rules);
  internal::number_texts(splits.test, rules);
  internal::cut_vocabulary({&splits.train, &splits.test}, rules, "imdb");
  return splits;
}

std::map<std::string, int> get_word_index(const io::Path& path) {
  return internal::read_word_index(internal::file_of(path, "imdb", "takes an .npz file", "imdb_word_index.json",
                                                     "bfafd718b763782e994055a2d397834f"));
}

}  // namespace cornu::keras::datasets::imdb
