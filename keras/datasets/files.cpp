#include "cornu/keras/datasets/internal/files.h"

#include "cornu/graph/check.h"
#include "cornu/keras/utils/get_file.h"

namespace cornu::keras::datasets::internal {

namespace fs = std::filesystem;
using graph::message;

fs::path find_file(const fs::path& path, const char* data_set, const char* takes) {
  std::error_code error;
  if (fs::exists(path, error)) return path;
  const fs::path data_sets = fs::path(utils::keras_home()) / "datasets", cached = data_sets / path;
  if (path.is_relative() && fs::exists(cached, error)) return cached;
  throw IoError(message("[", path.string(), "] no such file or folder. ", data_set, "::load_data ", takes,
                        "; called without a path it downloads the data to ", data_sets.string()));
}

fs::path with_hint(const char* data_set, const fs::path& place, const std::function<fs::path()>& fetch) {
  try {
    return fetch();
  } catch (const IoError& e) {
    throw IoError(message(e.what(), ". Without a network, put the data at ", place.string(), " or give its path to ",
                          data_set, "::load_data"));
  }
}

fs::path file_of(const fs::path& path, const char* data_set, const char* takes, const std::string& name,
                 const char* file_hash) {
  if (!path.empty()) return find_file(path, data_set, takes);
  return with_hint(data_set, fs::path(utils::keras_home()) / "datasets" / name,
                   [&] { return utils::get_file(name, {.origin = kOrigin + name, .file_hash = file_hash}); });
}

}  // namespace cornu::keras::datasets::internal
