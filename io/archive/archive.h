#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace cornu::io::archive {

/// What `visit` shows of a file in an archive.
struct Member {
  std::string name;                    ///< "folder/file"
  std::function<std::string()> bytes;  ///< reads the file; once, and only during the visit
};

/// Shows the plain files of a tar archive, compressed by gzip, bzip2, xz or zstd or not, or of a zip archive, in their
/// order, until `look` gives false. Throws IoError if the archive cannot be opened, FormatError if it is no archive,
/// truncated or damaged.
void visit(const std::filesystem::path& archive, const std::function<bool(const Member&)>& look);

/// Writes the files of an archive into a folder, which appears whole or not at all and must not be there yet. Links,
/// devices, absolute names and names that lead out of the folder are a FormatError: nothing is then written. Throws as
/// `visit`; IoError where the folder cannot be written.
void extract(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace cornu::io::archive
