#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cornu::io::tensorboard::internal {

/// A file that somebody may still be writing, read through a buffer: no more of it is in memory than what is looked at,
/// and some 256 KiB.
class GrowingFile {
 public:
  /// Throws IoError if the file cannot be opened or is a folder.
  explicit GrowingFile(const std::filesystem::path& path);
  ~GrowingFile();
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  const std::string& name() const { return name_; }
  /// Asks how long the file is now.
  std::uint64_t refresh();
  /// As it was when asked for the last time.
  std::uint64_t size() const { return size_; }
  /// Whether so many bytes from there on are in the file.
  bool holds(std::uint64_t offset, std::uint64_t bytes) const { return offset <= size_ && bytes <= size_ - offset; }

  /// These bytes, valid until the next call; fewer if the file has become shorter. Throws IoError if reading fails.
  std::string_view view(std::uint64_t offset, std::size_t bytes);

 private:
  std::string name_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string buffer_;
  std::uint64_t begin_ = 0;  // of the buffer in the file
};

}  // namespace cornu::io::tensorboard::internal
