#include "cornu/keras/datasets/internal/digit_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "cornu/io/npy/idx.h"
#include "cornu/io/npy/npz.h"

namespace cornu::keras::datasets::internal {

namespace fs = std::filesystem;
using graph::message;
using graph::require;

namespace {

constexpr std::int64_t kSide = 28, kClasses = 10;

/// `train-images-idx3-ubyte`, with a point before idx3 as some archives unpack it, with .gz or without.
std::optional<fs::path> find_idx(const fs::path& folder, const std::string& stem, const std::string& kind) {
  for (const char* separator : {"-", "."})
    for (const char* suffix : {"", ".gz"}) {
      const fs::path path = folder / (stem + separator + kind + "-ubyte" + suffix);
      std::error_code error;
      if (fs::is_regular_file(path, error)) return path;
    }
  return std::nullopt;
}

fs::path need_idx(const fs::path& folder, const std::string& stem, const std::string& kind) {
  const auto path = find_idx(folder, stem, kind);
  require<IoError>(path.has_value(), "[", folder.string(), "] the folder has no file ", stem, "-", kind, "-ubyte or ",
                   stem, "-", kind,
                   "-ubyte.gz; the four IDX files train-images, train-labels, t10k-images and t10k-labels are needed");
  return *path;
}

Split checked(Array x, const Array& y, const std::string& x_name, const std::string& y_name) {
  require<FormatError>(
      x.dtype() == graph::uint8 && x.ndim() == 3 && x.shape()[1] == kSide && x.shape()[2] == kSide && x.rows() > 0, "[",
      x_name, "] expected images of dtype uint8 and shape (n, 28, 28), got ", x.dtype(), " ", x.shape());
  require<FormatError>(graph::is_integer(y.dtype()) && y.ndim() == 1, "[", y_name,
                       "] expected labels of an integer dtype and shape (n,), got ", y.dtype(), " ", y.shape());
  require<FormatError>(x.rows() == y.rows(), "[", y_name, "] ", y.rows(), " labels for ", x.rows(), " images");
  const Array wide = y.astype(graph::int64);
  const auto labels = wide.span<std::int64_t>();
  const auto wrong =
      std::find_if(labels.begin(), labels.end(), [](std::int64_t label) { return label < 0 || label >= kClasses; });
  require<FormatError>(wrong == labels.end(), "[", y_name, "] label ", wrong == labels.end() ? 0 : *wrong,
                       " of sample ", wrong - labels.begin(), " is out of range: expected 0 to ", kClasses - 1);
  return {std::move(x), y.astype(graph::uint8)};
}

Split read_idx(const fs::path& folder, const std::string& stem) {
  const fs::path images = need_idx(folder, stem + "-images", "idx3"),
                 labels = need_idx(folder, stem + "-labels", "idx1");
  Array x = io::npy::load_idx(images);
  return checked(std::move(x), io::npy::load_idx(labels), images.string(), labels.string());
}

Split read_npz(const io::npy::Archive& archive, const fs::path& path, const std::string& stem) {
  const auto load = [&](const std::string& name) {
    if (!archive.contains(name))
      throw FormatError(
          message("[", path.string(), "] has no array '", name, "'; expected are x_train, y_train, x_test and y_test"));
    return archive[name];
  };
  Array x = load("x_" + stem);
  return checked(std::move(x), load("y_" + stem), path.string() + ": x_" + stem, path.string() + ": y_" + stem);
}

}  // namespace

Splits read_digits(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {read_idx(path, "train"), read_idx(path, "t10k")};
  const io::npy::Archive archive(path);
  return {read_npz(archive, path, "train"), read_npz(archive, path, "test")};
}

bool has_idx_files(const fs::path& folder) {
  return find_idx(folder, "train-images", "idx3") && find_idx(folder, "train-labels", "idx1") &&
         find_idx(folder, "t10k-images", "idx3") && find_idx(folder, "t10k-labels", "idx1");
}

}  // namespace cornu::keras::datasets::internal
