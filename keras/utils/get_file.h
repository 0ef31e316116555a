#pragma once

#include <string>

#include "cornu/io/path.h"

namespace cornu::keras::utils {

/// The arguments of Keras' get_file that concern plain files, in its order.
struct GetFileConfig {
  std::string origin = {};                ///< URL: https, http or file
  std::string file_hash = {};             ///< SHA-256 in hexadecimal digits; empty: not checked
  std::string cache_subdir = "datasets";  ///< folder under `cache_dir`
  io::Path cache_dir = {};                ///< empty: `keras_home()`
  bool force_download = false;
};

/// The path of a file in the cache, downloaded from `origin` (with a progress bar on standard output) unless it is
/// there already. A cached file whose hash differs is downloaded again, as in Keras.
///
///     auto path = utils::get_file("mnist.npz", {.origin = "https://...", .file_hash = "731c..."});
///
/// Throws IoError (no network, a folder that cannot be written), FormatError (the downloaded content's hash differs),
/// ValueError
/// (`fname` is no plain file name, no origin).
io::Path get_file(const std::string& fname, const GetFileConfig& config);

/// Where Keras keeps what it downloads: `$KERAS_HOME`, else `~/.keras`, else `.keras` in the folder for temporary
/// files.
io::Path keras_home();

}  // namespace cornu::keras::utils
