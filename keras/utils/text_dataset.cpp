#include "cornu/keras/utils/text_dataset.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "cornu/graph/check.h"
#include "cornu/keras/data/strings.h"
#include "cornu/keras/utils/internal/folder_files.h"

namespace cornu::keras::utils {

using graph::require;

namespace {

constexpr const char* kTextDataset = "text_dataset_from_directory";

internal::ReadFile text_reader(const TextDatasetConfig& c) {
  require<ValueError>(c.max_length.value_or(1) >= 1, kTextDataset, ": max_length must be at least 1, got ",
                      c.max_length.value_or(1));
  return [max_length = c.max_length](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    require<IoError>(file.good(), "[", path, "] cannot read: ", std::generic_category().message(errno));
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (max_length && text.size() > static_cast<std::size_t>(*max_length))
      text.resize(static_cast<std::size_t>(*max_length));
    return Strings({std::move(text)}, Shape()).array();
  };
}

}  // namespace

FolderDataset text_dataset_from_directory(const io::Path& directory, const TextDatasetConfig& c) {
  return internal::one_dataset(directory.string(), internal::folder_arguments(kTextDataset, c), {".txt"},
                               text_reader(c), true);
}

FolderDatasets text_datasets_from_directory(const io::Path& directory, const TextDatasetConfig& c) {
  return internal::both_datasets(directory.string(), internal::folder_arguments(kTextDataset, c), {".txt"},
                                 text_reader(c), true);
}

}  // namespace cornu::keras::utils
