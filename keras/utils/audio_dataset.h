#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/utils/folder_dataset.h"

namespace cornu::keras::utils {

/// Keras' arguments, in its order; those that image_dataset_from_directory has are as there.
struct AudioDatasetConfig {
  FolderLabels labels = {};
  LabelMode label_mode = {};
  std::vector<std::string> class_names = {};
  std::optional<int> batch_size = 32;
  std::optional<int> sampling_rate = std::nullopt;  ///< frames a second that all become; by default as they are
  std::optional<int> output_sequence_length = std::nullopt;  ///< frames: cut off, or filled up with silence
  bool ragged = false;                                       ///< true is an error
  bool shuffle = true;
  std::optional<std::uint64_t> seed = std::nullopt;
  std::optional<double> validation_split = std::nullopt;
  std::string subset = "";
  bool follow_links = false;
  bool verbose = true;
  bool skip_broken = false;  ///< leaves out files that are no recording
};

/// Recordings in folders, files that end in .wav, as a data set: float32 (batch, frames, channels), -1 to 1, and
/// labels. Without an output_sequence_length those of a batch are filled up to its longest one. Order, split and errors
/// are those of `image_dataset_from_directory`; ValueError for numbers below 1. (Where both are given, Keras cuts
/// before it changes the rate.) Keras: `utils.audio_dataset_from_directory`.
///
///     auto words = utils::audio_dataset_from_directory("speech", {.output_sequence_length = 16000});
FolderDataset audio_dataset_from_directory(const io::Path& directory, const AudioDatasetConfig& config = {});
/// For training and validation, of one call: `subset` is not looked at.
FolderDatasets audio_datasets_from_directory(const io::Path& directory, const AudioDatasetConfig& config);

}  // namespace cornu::keras::utils
