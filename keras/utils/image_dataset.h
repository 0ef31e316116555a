#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/utils/folder_dataset.h"

namespace cornu::keras::utils {

/// Keras' arguments, in its order, and `skip_broken`.
struct ImageDatasetConfig {
  FolderLabels labels = {};                   ///< "inferred", nullptr, or a number for each file
  LabelMode label_mode = {};                  ///< "int", "categorical", "binary", nullptr
  std::vector<std::string> class_names = {};  ///< the folders that are classes, in this order; empty: all, by name
  std::string color_mode = "rgb";             ///< "grayscale", "rgb" or "rgba": 1, 3 or 4 channels
  std::optional<int> batch_size = 32;         ///< std::nullopt: single images
  Shape image_size = {256, 256};              ///< height, width
  bool shuffle = true;                        ///< each pass in an order of its own; false: by the files' paths
  std::optional<std::uint64_t> seed = std::nullopt;
  std::optional<double> validation_split = std::nullopt;  ///< the share of the files for validation
  std::string subset = "";                                ///< with it, "training" or "validation"
  std::string interpolation = "bilinear";  ///< or "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian",
                                           ///< "mitchellcubic"
  bool follow_links = false;               ///< into folders that are symbolic links
  bool crop_to_aspect_ratio = false;       ///< show the middle, cut to the aspect ratio
  bool pad_to_aspect_ratio = false;        ///< show all, with black beside it
  bool verbose = true;                     ///< says how many files there are
  bool skip_broken = false;                ///< leaves out files that are no image, with a warning; else an error
};

/// Images in folders, one folder for each class, as a data set: float32 (batch, height, width, channels), 0 to 255, and
/// labels as `label_mode` says. Files that end in .png, .jpg, .jpeg, .bmp and .gif are taken, also those of folders
/// within; their order, the classes and the split for a seed are those of Keras. They are read, decoded and resized by
/// as many threads as there are processors, ahead of who asks.
///
///     const ImageDatasetConfig config{.image_size = {64, 64}, .seed = 1, .validation_split = 0.2};
///     auto [training, validation] = utils::image_datasets_from_directory("flowers", config);   // Keras' subset="both"
///     model.fit(training, {.epochs = 5, .validation_data = validation});
///     std::cout << training.class_names[0] << ": " << training.file_paths.size() << " files\n";
///
/// Pixels between others are those of `tf.image.resize`. PNG and JPEG are read, told by the content: another file is a
/// FormatError that names it, when its turn comes. With `skip_broken` the number of batches is not known before.
///
/// Throws ValueError for arguments that contradict each other, unknown words, class_names without a folder, and where
/// there are no files; IoError if the directory cannot be read. Keras: `utils.image_dataset_from_directory`.
FolderDataset image_dataset_from_directory(const io::Path& directory, const ImageDatasetConfig& config = {});
/// For training and validation, of one call: `subset` is not looked at.
FolderDatasets image_datasets_from_directory(const io::Path& directory, const ImageDatasetConfig& config);

}  // namespace cornu::keras::utils
