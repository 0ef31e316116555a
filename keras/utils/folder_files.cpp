#include "cornu/keras/utils/internal/folder_files.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "cornu/graph/check.h"
#include "cornu/keras/utils/internal/numpy_random.h"
#include "cornu/keras/utils/internal/to_lower.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::utils::internal {

namespace fs = std::filesystem;
using graph::require;

namespace {

std::string joined_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

void check_folder_arguments(FolderArguments& a) {
  const auto& [word, list] = a.labels;
  require<ValueError>(word.empty() || word == "inferred", a.who,
                      ": expected labels to be \"inferred\", nullptr or a list of numbers, got '", word, "'");
  require<ValueError>(a.class_names.empty() || (word == "inferred" && list.empty()), a.who,
                      ": class_names are for labels = \"inferred\" alone");
  const std::string& mode = a.label_mode.word;
  require<ValueError>(mode.empty() || mode == "int" || mode == "categorical" || mode == "binary", a.who,
                      ": expected label_mode \"int\", \"categorical\", \"binary\" or nullptr, got '", mode, "'");
  require<ValueError>(!a.batch_size || *a.batch_size >= 1, a.who, ": batch_size must be at least 1, got ",
                      a.batch_size.value_or(0));
  require<ValueError>(!a.validation_split || (*a.validation_split > 0 && *a.validation_split < 1), a.who,
                      ": validation_split must be between 0 and 1, got ", a.validation_split.value_or(0));
  require<ValueError>(a.validation_split.has_value() == !a.subset.empty(), a.who,
                      ": validation_split and subset are given together or not at all");
  require<ValueError>(a.subset.empty() || a.subset == "training" || a.subset == "validation" || a.subset == "both",
                      a.who, ": expected subset \"training\", \"validation\" or \"both\", got '", a.subset, "'");
  require<ValueError>(!a.validation_split || !a.shuffle || a.seed, a.who,
                      ": a split of shuffled files needs a seed, so that training and validation do not overlap");
  if (word.empty() && list.empty()) a.label_mode = nullptr;
  if (a.label_mode.word.empty()) a.labels = nullptr;
  if (!a.seed) a.seed = next_random_seed() % 1'000'000;
}

bool has_ending(const std::string& name, std::initializer_list<const char*> endings) {
  const std::string lower = to_lower(name);
  return std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return lower.ends_with(ending); });
}

/// The files below a folder, as Python's os.walk finds them: by their folders' paths, then by their names.
std::vector<std::string> walk(const fs::path& folder, bool follow_links, std::initializer_list<const char*> endings) {
  std::vector<std::pair<std::string, std::string>> found;  // folder, name
  auto options = fs::directory_options::skip_permission_denied;
  if (follow_links) options |= fs::directory_options::follow_directory_symlink;
  std::error_code error;
  for (fs::recursive_directory_iterator i(folder, options, error), end; i != end; i.increment(error)) {
    if (error) break;
    std::error_code ignored;
    const std::string name = i->path().filename().string();
    if (!i->is_directory(ignored) && has_ending(name, endings))
      found.emplace_back(i->path().parent_path().string(), name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> paths;
  for (const auto& [parent, name] : found) paths.push_back((fs::path(parent) / name).string());
  return paths;
}

std::vector<std::string> folders_in(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::error_code ignored;
    const std::string name = entry.path().filename().string();
    if (entry.is_directory(ignored) && !name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

FolderFiles files_in(const std::string& directory, FolderArguments& a, std::initializer_list<const char*> endings) {
  check_folder_arguments(a);
  std::error_code error;
  require<IoError>(fs::is_directory(directory, error), "[", directory, "] is no folder that can be read");
  FolderFiles files;
  const bool inferred = a.labels.word == "inferred" && a.labels.labels.empty();
  if (inferred) {
    files.class_names = folders_in(directory);
    for (const std::string& name : a.class_names)
      require<ValueError>(
          std::find(files.class_names.begin(), files.class_names.end(), name) != files.class_names.end(), a.who,
          ": class_names has '", name, "', but the folders of ", directory, " are ", joined_names(files.class_names));
    if (!a.class_names.empty()) files.class_names = a.class_names;
    for (std::size_t label = 0; label < files.class_names.size(); ++label) {
      for (std::string& path : walk(fs::path(directory) / files.class_names[label], a.follow_links, endings))
        files.paths.push_back(std::move(path)), files.labels.push_back(static_cast<int>(label));
    }
  } else {
    files.paths = walk(directory, a.follow_links, endings);
    files.labels = a.labels.labels;
    require<ValueError>(files.labels.empty() || files.labels.size() == files.paths.size(), a.who, ": ",
                        files.labels.size(), " labels for ", files.paths.size(), " files in ", directory);
    const std::set<int> different(files.labels.begin(), files.labels.end());
    for (const int label : different) files.class_names.push_back(std::to_string(label));
  }
  if (a.verbose) {
    std::cout << "Found " << files.paths.size() << " files";
    if (!files.class_names.empty()) std::cout << " belonging to " << files.class_names.size() << " classes";
    std::cout << ".\n";
  }
  require<ValueError>(a.label_mode.word != "binary" || files.class_names.size() == 2, a.who,
                      ": label_mode \"binary\" needs two classes, got ", joined_names(files.class_names));
  if (!a.shuffle) return files;
  const auto order = NumpyRandom(*a.seed).shuffled(static_cast<std::int64_t>(files.paths.size()));
  FolderFiles shuffled{{}, files.class_names, {}};
  for (const std::int64_t i : order) {
    shuffled.paths.push_back(std::move(files.paths[static_cast<std::size_t>(i)]));
    if (!files.labels.empty()) shuffled.labels.push_back(files.labels[static_cast<std::size_t>(i)]);
  }
  return shuffled;
}

FolderFiles part_of(const FolderFiles& files, const std::string& directory, const FolderArguments& a,
                    const std::string& subset) {
  FolderFiles part = files;
  if (!subset.empty()) {
    const std::size_t all = files.paths.size();
    const auto validation = static_cast<std::size_t>(*a.validation_split * static_cast<double>(all));
    const bool training = subset == "training";
    const std::size_t from = training ? 0 : all - validation;
    // As in Keras, no files for validation leave none for training.
    const std::size_t to = training ? (validation == 0 ? 0 : all - validation) : all;
    const auto cut = [&](auto& list) {
      if (!list.empty())
        list = {list.begin() + static_cast<std::ptrdiff_t>(from), list.begin() + static_cast<std::ptrdiff_t>(to)};
    };
    cut(part.paths), cut(part.labels);
    if (a.verbose) std::cout << "Using " << to - from << " files for " << subset << ".\n";
  }
  require<ValueError>(!part.paths.empty(), a.who, ": no files", subset.empty() ? "" : " for ", subset,
                      " were found in ", directory);
  return part;
}

}  // namespace cornu::keras::utils::internal
