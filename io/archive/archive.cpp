#include "cornu/io/archive/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::archive {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using graph::message;
using graph::require;

namespace {

constexpr std::size_t kArchiveBlock = 1 << 16;

/// libarchive's reader on a file of ours.
class ArchiveReader {
 public:
  explicit ArchiveReader(const fs::path& path) : file_(path), archive_(archive_read_new()) {
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_filter_bzip2(archive_.get());
    archive_read_support_filter_xz(archive_.get());
    archive_read_support_filter_zstd(archive_.get());
    archive_read_support_format_tar(archive_.get());
    archive_read_support_format_zip(archive_.get());
    check(archive_read_open_fd(archive_.get(), file_.descriptor(), kArchiveBlock));
  }

  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    check(status);
    return entry;
  }

  /// Passes the bytes of the entry on, piece by piece.
  void read(const std::function<void(const char*, std::size_t)>& take) {
    std::array<char, kArchiveBlock> block;
    for (;;) {
      const la_ssize_t size = archive_read_data(archive_.get(), block.data(), block.size());
      if (size == 0) return;
      if (size < 0) check(static_cast<int>(size));
      take(block.data(), static_cast<std::size_t>(size));
    }
  }

  template <class... Parts>
  [[noreturn]] void malformed(const Parts&... parts) const {
    file_.malformed(parts...);
  }

 private:
  struct Closed {
    void operator()(::archive* a) const { archive_read_free(a); }
  };
  void check(int status) const {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* reason = archive_error_string(archive_.get());
    file_.malformed("not an archive, truncated or damaged: ", reason ? reason : "unknown reason");
  }

  internal::InputFile file_;
  std::unique_ptr<::archive, Closed> archive_;
};

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  return name ? name : "";
}

/// The place in the folder, or nothing where the name leads out of it.
std::optional<fs::path> inside(const fs::path& name) {
  fs::path place;
  if (name.is_absolute()) return std::nullopt;
  for (const fs::path& part : name) {
    if (part == "..") return std::nullopt;
    if (part != "." && !part.empty()) place /= part;
  }
  return place;
}

/// Brings all files to the disk at once: of a hundred thousand small ones each by itself takes minutes.
void sync(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_CLOEXEC);
  const bool ok = descriptor >= 0 && ::syncfs(descriptor) == 0;
  if (descriptor >= 0) ::close(descriptor);
  require<IoError>(ok, "[", folder.string(), "] cannot write: is the disk full?");
}

void unpack(ArchiveReader& reader, const fs::path& to) {
  std::error_code error;
  while (archive_entry* entry = reader.next()) {
    const std::string name = name_of(entry);
    const auto type = archive_entry_filetype(entry);
    const std::optional<fs::path> place = inside(name);
    if (!place) reader.malformed("the name '", name, "' leads out of the folder: nothing is extracted");
    if ((type != AE_IFREG && type != AE_IFDIR) || archive_entry_hardlink(entry) != nullptr)
      reader.malformed("'", name, "' is a link or a device; archives of files and folders are extracted");
    const fs::path path = to / *place;
    fs::create_directories(type == AE_IFDIR ? path : path.parent_path(), error);
    require<IoError>(!error, "[", path.string(), "] cannot make the folder: ", error.message());
    if (type == AE_IFDIR) continue;
    std::ofstream file(path, std::ios::binary);
    reader.read([&](const char* data, std::size_t size) { file.write(data, static_cast<std::streamsize>(size)); });
    file.close();
    require<IoError>(file.good(), "[", path.string(), "] cannot write: is the disk full?");
  }
}

}  // namespace

void visit(const fs::path& path, const std::function<bool(const Member&)>& look) {
  ArchiveReader reader(path);
  while (archive_entry* entry = reader.next()) {
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const auto bytes = [&] {
      std::string all;
      reader.read([&](const char* data, std::size_t size) { all.append(data, size); });
      return all;
    };
    if (!look({name_of(entry), bytes})) return;
  }
}

void extract(const fs::path& path, const fs::path& folder) {
  ArchiveReader reader(path);
  std::error_code error;
  require<IoError>(!fs::exists(folder, error), "[", folder.string(), "] is there already");
  const fs::path partial = folder.string() + ".partial" + std::to_string(::getpid());
  fs::remove_all(partial, error);
  fs::create_directories(partial, error);
  require<IoError>(!error, "[", partial.string(), "] cannot make the folder: ", error.message());
  try {
    unpack(reader, partial);
    sync(partial);
    fs::rename(partial, folder, error);
    require<IoError>(!error, "[", folder.string(), "] cannot make the folder: ", error.message());
  } catch (...) {
    fs::remove_all(partial, error);
    throw;
  }
}

}  // namespace cornu::io::archive
