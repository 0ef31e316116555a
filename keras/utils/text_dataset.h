#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/utils/folder_dataset.h"

namespace cornu::keras::utils {

/// Keras' arguments, in its order; those that image_dataset_from_directory has are as there.
struct TextDatasetConfig {
  FolderLabels labels = {};
  LabelMode label_mode = {};
  std::vector<std::string> class_names = {};
  std::optional<int> batch_size = 32;
  std::optional<int> max_length = std::nullopt;  ///< bytes of a text; what follows is cut off
  bool shuffle = true;
  std::optional<std::uint64_t> seed = std::nullopt;
  std::optional<double> validation_split = std::nullopt;
  std::string subset = "";
  bool follow_links = false;
  bool verbose = true;
  bool skip_broken = false;  ///< leaves out files that cannot be read
};

/// Texts in folders, files that end in .txt, as a data set: texts (batch,), as data is uint8 (batch, bytes), see
/// Strings, and labels. Order, split and errors are those of `image_dataset_from_directory`. Keras:
/// `utils.text_dataset_from_directory`.
///
///     auto reviews = utils::text_dataset_from_directory("aclImdb/train", {.batch_size = 64, .seed = 7,
///                                                       .validation_split = 0.2, .subset = "training"});
///     vectorize->adapt(texts);
FolderDataset text_dataset_from_directory(const io::Path& directory, const TextDatasetConfig& config = {});
/// For training and validation, of one call: `subset` is not looked at.
FolderDatasets text_datasets_from_directory(const io::Path& directory, const TextDatasetConfig& config);

}  // namespace cornu::keras::utils
