#pragma once

#include <string>

#include "cornu/io/path.h"

namespace cornu::keras::utils {

/// The arguments of Keras' get_file that concern plain files, in its order.
struct GetFileConfig {
  std::string origin = {};                ///< URL: https, http or file
  std::string file_hash = {};             ///< SHA-256 in 64 hexadecimal digits, or MD5 in 32; empty: not checked
  std::string cache_subdir = "datasets";  ///< folder under `cache_dir`
  bool extract = false;                   ///< a tar or zip archive, compressed or not, becomes a folder
  io::Path cache_dir = {};                ///< empty: `keras_home()`
  bool force_download = false;
};

/// The path of a file in the cache, downloaded from `origin` (with a progress bar on standard output) unless it is
/// there already. A cached file whose hash differs is downloaded again, as in Keras.
///
///     auto path = utils::get_file("mnist.npz", {.origin = "https://...", .file_hash = "731c..."});
///     auto folder = utils::get_file("flowers", {.origin = "https://.../flower_photos.tgz", .extract = true});
///
/// With `extract` the path of the folder with the archive's files. As in Keras, "flowers" is kept as "flowers_archive"
/// beside the folder "flowers", and "flowers.tgz" beside "flowers_extracted". The folder is there whole or not at all;
/// where it is, it is taken as it is, also without the archive; an archive whose hash differs is downloaded again, and
/// the folder made anew.
///
/// Throws IoError (no network, a folder that cannot be written), FormatError (the downloaded content's hash differs; an
/// archive that is damaged, or has links or names that lead out of the folder), ValueError (`fname` is no plain file
/// name, no origin).
io::Path get_file(const std::string& fname, const GetFileConfig& config);

/// Where Keras keeps what it downloads: `$KERAS_HOME`, else `~/.keras`, else `.keras` in the folder for temporary
/// files.
io::Path keras_home();

}  // namespace cornu::keras::utils
