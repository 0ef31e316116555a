#include "cornu/keras/utils/get_file.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "cornu/graph/check.h"
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

io::Path get_file(const std::string& fname, const GetFileConfig& config) {
  require<ValueError>(!fname.empty() && fs::path(fname).filename() == fs::path(fname) && fname != "." && fname != "..",
                      "get_file: fname must be a plain file name, got '", fname, "'");
  const fs::path folder = fs::path(config.cache_dir.empty() ? keras_home() : config.cache_dir) / config.cache_subdir,
                 path = folder / fname;
  std::error_code error;
  const bool exists = fs::exists(path, error);
  if (exists && !config.force_download) {
    if (config.file_hash.empty() || io::download::sha256_of(path) == config.file_hash) return path;
    std::cout << "A local file was found, " << path.string() << ", but its SHA-256 is not " << config.file_hash
              << ": it is downloaded again\n";
  }
  require<ValueError>(!config.origin.empty(), "get_file: [", path.string(), "] is not there, and no origin was given");
  fs::create_directories(folder, error);
  require<IoError>(!error, "[", folder.string(), "] cannot make the folder: ", error.message());
  io::download::download(config.origin, path, {.sha256 = config.file_hash, .progress = &std::cout});
  return path;
}

}  // namespace cornu::keras::utils
