#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/utils/folder_dataset.h"

namespace cornu::keras::utils::internal {

/// What the data sets from folders share of their arguments.
struct FolderArguments {
  std::string who;  // for messages: "image_dataset_from_directory"
  FolderLabels labels;
  LabelMode label_mode;
  std::vector<std::string> class_names;
  std::optional<int> batch_size;
  bool shuffle;
  std::optional<std::uint64_t> seed;
  std::optional<double> validation_split;
  std::string subset;
  bool follow_links, verbose, skip_broken;
};
template <class Config>
FolderArguments folder_arguments(const char* who, const Config& c) {
  return {who,    c.labels,           c.label_mode, c.class_names,  c.batch_size, c.shuffle,
          c.seed, c.validation_split, c.subset,     c.follow_links, c.verbose,    c.skip_broken};
}

/// Files with their labels, in the order in which Keras has them.
struct FolderFiles {
  std::vector<std::string> paths, class_names;
  std::vector<int> labels;  // empty: none
};

/// Checks the arguments; finds the files whose names end in one of these (".png", in lower case), sorts or shuffles
/// them. Throws ValueError, IoError if the directory cannot be read.
FolderFiles files_in(const std::string& directory, FolderArguments& arguments,
                     std::initializer_list<const char*> endings);
/// The part for training or validation, or all of them for no subset. Throws ValueError if there are none.
FolderFiles part_of(const FolderFiles& files, const std::string& directory, const FolderArguments& arguments,
                    const std::string& subset);

/// How a file becomes an array, called by several threads.
using ReadFile = std::function<Array(const std::string& path)>;
/// Files, read in parallel, with labels, in batches that are made ahead. `pads`: elements of a batch may have several
/// shapes.
FolderDataset folder_dataset(FolderFiles files, const FolderArguments& arguments, bool shuffle, ReadFile read,
                             bool pads = false);

/// One data set, or ValueError for subset "both".
FolderDataset one_dataset(const std::string& directory, FolderArguments arguments,
                          std::initializer_list<const char*> endings, const ReadFile& read, bool pads = false);
/// Both, whatever `subset` says. Throws ValueError without a validation_split.
FolderDatasets both_datasets(const std::string& directory, FolderArguments arguments,
                             std::initializer_list<const char*> endings, const ReadFile& read, bool pads = false);

}  // namespace cornu::keras::utils::internal
