#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/data/dataset.h"

namespace cornu::keras::utils {

/// The argument `labels` of data sets from folders: "inferred" (each folder is a class), nullptr (none), or a number
/// for each file in the order of their paths.
struct FolderLabels {
  FolderLabels() = default;
  FolderLabels(const char* word) : word(word) {}                        // NOLINT: a word
  FolderLabels(std::nullptr_t) : word() {}                              // NOLINT: none
  FolderLabels(std::vector<int> labels) : labels(std::move(labels)) {}  // NOLINT: a list
  std::string word = "inferred";
  std::vector<int> labels = {};
};

/// The argument `label_mode`: "int" (int32 scalars), "categorical" (float32, a one at the class), "binary" (float32
/// (1,) of 0 and 1), or nullptr (no labels).
struct LabelMode {
  LabelMode() = default;
  LabelMode(const char* word) : word(word) {}  // NOLINT: a word
  LabelMode(std::nullptr_t) : word() {}        // NOLINT: none
  std::string word = "int";
};

/// A data set of files. As in Keras it knows its files, in the order in which they were split, and its classes by their
/// numbers.
struct FolderDataset : data::Dataset {
  std::vector<std::string> file_paths = {}, class_names = {};
};

/// What Keras gives for `subset="both"`.
struct FolderDatasets {
  FolderDataset training, validation;
};

}  // namespace cornu::keras::utils
