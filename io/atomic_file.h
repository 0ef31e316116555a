#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "cornu/graph/check.h"

namespace cornu::io {

/// Writes a file so that nobody ever sees half of it: the bytes go to a new file beside the target, `commit` brings
/// them to the disk and renames the file over the target. Without a commit (an exception, say) the new file is removed
/// and the target stays as it was.
///
///     AtomicFile file("model.h5");
///     write_somehow(file.temporary());   // by any library, or by file.write(bytes)
///     file.commit();
///
/// A target that exists keeps its permissions, a symbolic link stays one (the file it points to is replaced).
/// Everything throws IoError with the target's path and the system's reason: no such folder, no permission, no space
/// left.
class AtomicFile {
 public:
  /// Creates the empty temporary file. Throws IoError if the target is a folder or a device, or must not be written.
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// The file to write to: it exists, is empty at first, and may be truncated and reopened freely before the commit.
  const std::filesystem::path& temporary() const { return temporary_; }
  /// Appends to the temporary file.
  void write(std::span<const std::byte> bytes);
  void write(const void* data, std::size_t size) { write({static_cast<const std::byte*>(data), size}); }
  /// Syncs the temporary file, renames it to the target and syncs the folder. Once only.
  void commit();

  /// Removes the temporary files that killed processes have left in a folder to which nobody writes now.
  static void remove_abandoned(const std::filesystem::path& folder);

 private:
  void fail(const char* what) const;

  std::filesystem::path name_, target_, temporary_;  // as given; with links resolved; beside it
  int descriptor_ = -1;
  bool committed_ = false;
};

}  // namespace cornu::io
