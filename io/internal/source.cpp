#include "cornu/io/internal/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace cornu::io::internal {

using graph::IoError;
using graph::message;

namespace {
[[noreturn]] void fail(const std::string& name) {
  const int error = errno;
  throw IoError(message("[", name, "] cannot read: ", std::generic_category().message(error)));
}
}  // namespace

InputFile::InputFile(const std::filesystem::path& path)
    : Source(path.string()), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (descriptor_ < 0) fail(name());
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    throw IoError(
        message("[", name(), "] cannot read: ", S_ISDIR(status.st_mode) ? "is a folder" : "not a regular file"));
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  if (offset > size_ || out.size() > size_ - offset)
    malformed("ends after ", size_, " bytes, but ", out.size(), " are needed from byte ", offset,
              " on (truncated or damaged)");
  while (!out.empty()) {
    const ssize_t n =
        ::pread(descriptor_, out.data(), std::min<std::size_t>(out.size(), 1u << 30), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(name());
    if (n == 0) malformed("became shorter while it was read");
    offset += static_cast<std::uint64_t>(n);
    out = out.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace cornu::io::internal
