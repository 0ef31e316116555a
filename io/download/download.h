#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace cornu::io::download {

/// How `download` checks and shows what it does.
struct DownloadConfig {
  std::string file_hash = {};  ///< SHA-256 (64 hexadecimal digits) or MD5 (32) of the content; empty: not checked
  std::ostream* progress =
      nullptr;  ///< where the bar goes, as Keras draws it: `11490434/11490434 [=====...=] - 2s`; null: nowhere
};

/// Fetches a URL (http, https, file) into a file, following redirects. The file appears whole and checked or not at
/// all.
///
///     download("https://host/mnist.npz", "mnist.npz", {.file_hash = "731c5ac6...", .progress = &std::cout});
///
/// Throws IoError naming the URL (no network, no such host, the server's status, a folder that cannot be written),
/// FormatError if the content's hash differs, ValueError for a malformed `file_hash`.
void download(const std::string& url, const std::filesystem::path& path, const DownloadConfig& config = {});

/// The hash of a file in lower-case hexadecimal digits: MD5 if it is `expected` to have 32, else SHA-256. Throws
/// IoError.
std::string hash_of(const std::filesystem::path& path, const std::string& expected = {});

}  // namespace cornu::io::download
