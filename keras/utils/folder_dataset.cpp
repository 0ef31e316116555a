#include "cornu/keras/utils/folder_dataset.h"

#include <memory>
#include <mutex>
#include <set>

#include "cornu/graph/check.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/folder_files.h"

namespace cornu::keras::utils::internal {

using data::Dataset;
using data::Element;

namespace {

Array label_of(int label, const std::string& mode, std::size_t classes) {
  if (mode == "binary") return Array{static_cast<float>(label)};
  if (mode != "categorical") return Array::scalar(label);
  Array row = graph::zeros({static_cast<std::int64_t>(classes)});
  if (label >= 0 && label < static_cast<int>(classes)) row.data<float>()[label] = 1;
  return row;
}

/// The files that were left out, each of which is warned of once.
struct Skipped {
  std::mutex mutex;
  std::set<std::string> files;
  void add(const std::string& file, const char* reason) {
    const std::lock_guard lock(mutex);
    if (files.insert(file).second) warn(std::string("skipped: ") + reason);
  }
};

}  // namespace

FolderDataset folder_dataset(FolderFiles given, const FolderArguments& a, bool shuffle, ReadFile read, bool pads) {
  const auto files = std::make_shared<const FolderFiles>(std::move(given));
  const auto n = static_cast<std::int64_t>(files->paths.size());
  Dataset numbers = Dataset::range(n);
  if (shuffle) numbers = numbers.shuffle(n, {.seed = a.seed});
  const std::string mode = a.label_mode.word;
  const auto skipped = a.skip_broken ? std::make_shared<Skipped>() : nullptr;
  const auto load = [files, mode, read = std::move(read), skipped](const Element& e) {
    const auto i = static_cast<std::size_t>(e[0].item<std::int64_t>());
    try {
      Array x = read(files->paths[i]);
      return mode.empty() ? Element(std::move(x))
                          : Element(std::move(x), label_of(files->labels[i], mode, files->class_names.size()));
    } catch (const Error& error) {
      if (!skipped) throw;
      skipped->add(files->paths[i], error.what());
      return Element();
    }
  };
  Dataset loaded = numbers.map(load, {.num_parallel_calls = data::AUTOTUNE});
  if (a.skip_broken) loaded = loaded.filter([](const Element& e) { return !e.empty(); });
  if (a.batch_size && pads) loaded = loaded.padded_batch(*a.batch_size);
  if (a.batch_size && !pads) loaded = loaded.batch(*a.batch_size);
  return {loaded.prefetch(data::AUTOTUNE), files->paths, files->class_names};
}

FolderDataset one_dataset(const std::string& directory, FolderArguments a, std::initializer_list<const char*> endings,
                          const ReadFile& read, bool pads) {
  graph::require<ValueError>(
      a.subset != "both", a.who,
      ": subset \"both\" is two data sets: call the function of the same name with \"datasets\"");
  const FolderFiles files = files_in(directory, a, endings);
  return folder_dataset(part_of(files, directory, a, a.subset), a, a.shuffle, read, pads);
}

FolderDatasets both_datasets(const std::string& directory, FolderArguments a,
                             std::initializer_list<const char*> endings, const ReadFile& read, bool pads) {
  a.subset = "both";
  const FolderFiles files = files_in(directory, a, endings);
  FolderDatasets both;
  both.training = folder_dataset(part_of(files, directory, a, "training"), a, a.shuffle, read, pads);
  both.validation = folder_dataset(part_of(files, directory, a, "validation"), a, false, read, pads);
  return both;
}

}  // namespace cornu::keras::utils::internal
