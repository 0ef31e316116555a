#include "cornu/io/tensorboard/internal/growing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "cornu/graph/check.h"

namespace cornu::io::tensorboard::internal {

namespace {

constexpr std::size_t kAhead = 256 << 10;

[[noreturn]] void fail(const std::string& name, const char* what) {
  const int error = errno;
  throw graph::IoError(graph::message("[", name, "] ", what, ": ", std::generic_category().message(error)));
}

}  // namespace

GrowingFile::GrowingFile(const std::filesystem::path& path)
    : name_(path.string()), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  struct stat status {};
  if (descriptor_ >= 0 && ::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
    ::close(descriptor_);
    descriptor_ = -1;
    errno = EISDIR;
  }
  if (descriptor_ < 0) fail(name_, "cannot open");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

GrowingFile::~GrowingFile() { ::close(descriptor_); }

std::uint64_t GrowingFile::refresh() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) fail(name_, "cannot read");
  return size_ = static_cast<std::uint64_t>(status.st_size);
}

std::string_view GrowingFile::view(std::uint64_t offset, std::size_t bytes) {
  if (offset < begin_ || offset > begin_ + buffer_.size()) {
    buffer_.clear();
    begin_ = offset;
  }
  if (begin_ + buffer_.size() < offset + bytes) {
    buffer_.erase(0, static_cast<std::size_t>(offset - begin_));
    begin_ = offset;
    std::size_t filled = buffer_.size();
    // Not beyond what the file is known to hold: a length that is damaged must not get its memory.
    const std::uint64_t left = offset < size_ ? size_ - offset : 0;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, std::max(bytes, kAhead)));
    if (wanted > filled) buffer_.resize(wanted);
    while (filled < buffer_.size()) {
      const ssize_t n =
          ::pread(descriptor_, buffer_.data() + filled, buffer_.size() - filled, static_cast<off_t>(begin_ + filled));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail(name_, "cannot read");
      if (n == 0) break;
      filled += static_cast<std::size_t>(n);
    }
    buffer_.resize(filled);
    if (bytes <= kAhead && buffer_.capacity() > 4 * kAhead) buffer_.shrink_to_fit();
  }
  return std::string_view(buffer_).substr(static_cast<std::size_t>(offset - begin_), bytes);
}

}  // namespace cornu::io::tensorboard::internal
