#include "cornu/io/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <system_error>

namespace cornu::io {

namespace fs = std::filesystem;
using graph::IoError;
using graph::message;

namespace {

// The name of a temporary file.
constexpr std::string_view kBegin = ".cornu-", kEnd = ".tmp";

std::string reason(int error) { return std::generic_category().message(error); }

/// The path where the bytes will be: links are followed to their end, which need not exist yet.
fs::path resolve(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(fs::symlink_status(path, error)); ++links) {
    const fs::path next = fs::read_symlink(path, error);
    if (error) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return path;
}

}  // namespace

void AtomicFile::fail(const char* what) const {
  const int error = errno;
  throw IoError(message("[", name_.string(), "] ", what, ": ", reason(error)));
}

AtomicFile::AtomicFile(fs::path target) : name_(std::move(target)), target_(resolve(name_)) {
  if (!target_.has_filename()) throw IoError(message("[", name_.string(), "] cannot write: not the name of a file"));
  struct stat old {};
  const bool exists = ::stat(target_.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode)) throw IoError(message("[", name_.string(), "] cannot write: is a folder"));
  if (exists && !S_ISREG(old.st_mode))
    throw IoError(message("[", name_.string(), "] cannot write: not a regular file"));
  // To rename over a file one needs no right to write it. A file that is protected against writing must still not be
  // replaced.
  if (exists && ::access(target_.c_str(), W_OK) != 0) fail("cannot write");

  static std::atomic<unsigned> counter{0};
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    // The name is kept short, so that a target's name of the longest length still has a neighbour.
    temporary_ = target_.parent_path() / message(kBegin, ::getpid(), "-", counter++, kEnd);
    descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0666);
    if (descriptor_ < 0 && (errno != EEXIST || attempt == 1000)) fail("cannot write");
  }
  if (exists) {
    if (::fchown(descriptor_, old.st_uid, old.st_gid) != 0) errno = 0;  // only root may give files away
    if (::fchmod(descriptor_, old.st_mode & 07777) != 0) errno = 0;     // some file systems have no permissions
  }
}

void AtomicFile::remove_abandoned(const fs::path& folder) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kBegin) && name.ends_with(kEnd)) ::unlink(entry.path().c_str());
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("cannot write");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

void AtomicFile::commit() {
  // A library may have replaced the file instead of writing into it, so it is opened anew.
  const int written = ::open(temporary_.c_str(), O_RDONLY | O_CLOEXEC);
  if (written < 0) fail("cannot write");
  const int synced = ::fsync(written), error = errno;
  ::close(written);
  errno = error;
  if (synced != 0) fail("cannot write");
  if (descriptor_ >= 0) {
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail("cannot write");
  }
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail("cannot write");
  committed_ = true;

  const fs::path folder = target_.has_parent_path() ? target_.parent_path() : fs::path(".");
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return;            // the folder may be written but not read: the file is there, and only its name is not synced
  ::fsync(directory);  // not every file system can do this, and then there is nothing more to do
  ::close(directory);
}

}  // namespace cornu::io
