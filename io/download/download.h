#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace cornu::io::download {

/// How `download` checks and shows what it does.
struct DownloadConfig {
  std::string sha256 = {};  ///< 64 hexadecimal digits that the content must have; empty: not checked
  std::ostream* progress =
      nullptr;  ///< where the bar goes, as Keras draws it: `11490434/11490434 [=====...=] - 2s`; null: nowhere
};

/// Fetches a URL (http, https, file) into a file, following redirects. The file appears whole and checked or not at
/// all.
///
///     download("https://host/mnist.npz", "mnist.npz", {.sha256 = "731c5ac6...", .progress = &std::cout});
///
/// Throws IoError naming the URL (no network, no such host, the server's status, a folder that cannot be written),
/// FormatError if the content's hash differs, ValueError for a malformed `sha256`.
void download(const std::string& url, const std::filesystem::path& path, const DownloadConfig& config = {});

/// The SHA-256 of a file as 64 lower-case hexadecimal digits. Throws IoError.
std::string sha256_of(const std::filesystem::path& path);

}  // namespace cornu::io::download
