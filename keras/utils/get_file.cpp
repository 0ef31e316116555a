#include "cornu/keras/utils/get_file.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "cornu/graph/check.h"
#include "cornu/io/archive/archive.h"
#include "cornu/io/download/download.h"

namespace cornu::keras::utils {

namespace fs = std::filesystem;
using graph::require;

io::Path keras_home() {
  const auto set = [](const char* name) -> const char* {
    const char* value = std::getenv(name);
    return value && *value ? value : nullptr;
  };
  if (const char* home = set("KERAS_HOME")) return home;
  if (const char* home = set("HOME")) return fs::path(home) / ".keras";
  return fs::temp_directory_path() / ".keras";
}

namespace {

/// Whether the hash of the file at `path` is the wanted one, or none is wanted.
bool hash_fits(const fs::path& path, const std::string& file_hash) {
  return file_hash.empty() || io::download::hash_of(path, file_hash) == file_hash;
}

/// The file in the cache, downloaded if need be.
fs::path cached_file(const fs::path& path, const GetFileConfig& config) {
  std::error_code error;
  if (fs::exists(path, error) && !config.force_download) {
    if (hash_fits(path, config.file_hash)) return path;
    std::cout << "A local file was found, " << path.string() << ", but its hash is not " << config.file_hash
              << ": it is downloaded again\n";
  }
  require<ValueError>(!config.origin.empty(), "get_file: [", path.string(), "] is not there, and no origin was given");
  fs::create_directories(path.parent_path(), error);
  require<IoError>(!error, "[", path.parent_path().string(), "] cannot make the folder: ", error.message());
  io::download::download(config.origin, path, {.file_hash = config.file_hash, .progress = &std::cout});
  return path;
}

}  // namespace

io::Path get_file(const std::string& fname, const GetFileConfig& config) {
  require<ValueError>(!fname.empty() && fs::path(fname).filename() == fs::path(fname) && fname != "." && fname != "..",
                      "get_file: fname must be a plain file name, got '", fname, "'");
  const fs::path folder = fs::path(config.cache_dir.empty() ? keras_home() : config.cache_dir) / config.cache_subdir;
  if (!config.extract) return cached_file(folder / fname, config);
  const std::size_t point = fname.find('.');
  const bool plain = point == std::string::npos;
  const fs::path extracted = folder / (plain ? fname : fname.substr(0, point) + "_extracted");
  std::error_code error;
  const fs::path kept = folder / (plain ? fname + "_archive" : fname);
  // A folder is as good as the archive that it came from: where that one is outdated, both are made anew.
  if (fs::is_directory(extracted, error) && !config.force_download &&
      (!fs::exists(kept, error) || hash_fits(kept, config.file_hash))) {
    return extracted;
  }
  const fs::path archive = cached_file(kept, config);
  fs::remove_all(extracted, error);
  io::archive::extract(archive, extracted);
  return extracted;
}

}  // namespace cornu::keras::utils
