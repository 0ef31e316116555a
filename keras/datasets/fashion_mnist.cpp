#include "cornu/keras/datasets/fashion_mnist.h"

#include <filesystem>

#include "cornu/keras/datasets/internal/digit_files.h"
#include "cornu/keras/datasets/internal/files.h"
#include "cornu/keras/utils/get_file.h"

namespace cornu::keras::datasets::fashion_mnist {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDebianFolder = "/usr/share/datasets/fashion-mnist";  // package dataset-fashion-mnist

struct File {
  const char *name, *sha256;
};
constexpr File kFiles[] = {
    {"train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
    {"train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
    {"t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"},
    {"t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
};

}  // namespace

Splits load_data(const io::Path& path) {
  if (!path.empty())
    return internal::read_digits(
        internal::find_file(path, "fashion_mnist", "takes an .npz file or a folder of IDX files"));
  const fs::path cached = fs::path(utils::keras_home()) / "datasets" / "fashion-mnist";
  for (const fs::path& folder : {cached, fs::path(kDebianFolder)})
    if (internal::has_idx_files(folder)) return internal::read_digits(folder);
  return internal::read_digits(internal::with_hint("fashion_mnist", cached, [&] {
    for (const File& file : kFiles)
      utils::get_file(file.name, {.origin = std::string(internal::kOrigin) + file.name,
                                  .file_hash = file.sha256,
                                  .cache_subdir = "datasets/fashion-mnist"});
    return cached;
  }));
}

}  // namespace cornu::keras::datasets::fashion_mnist
