#include "cornu/io/hdf5/internal/bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cornu::io::hdf5::internal {

using graph::require;

// Without O_NONBLOCK, opening a named pipe would wait for a writer.
Bytes::Bytes(const std::filesystem::path& path)
    : Bytes(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

Bytes::Bytes(const std::filesystem::path& path, int descriptor) : path_(path), descriptor_(descriptor) {
  require<IoError>(descriptor_ >= 0, path.string(), ": cannot be opened: ", std::strerror(errno));
  struct stat status {};
  const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) ::close(descriptor_);
  require<IoError>(regular, path.string(), ": not a regular file");
  size_ = static_cast<std::uint64_t>(status.st_size);
}

Bytes::Bytes(const std::filesystem::path& path, std::span<const std::byte> content)
    : Bytes(path, ::memfd_create("cornu-hdf5", MFD_CLOEXEC)) {
  while (size_ < content.size()) {
    const ssize_t n = ::write(descriptor_, content.data() + size_, content.size() - size_);
    if (n < 0 && errno == EINTR) continue;
    require<IoError>(n > 0, path_.string(), ": no memory for its content: ", std::strerror(errno));
    size_ += static_cast<std::uint64_t>(n);
  }
}

Bytes::~Bytes() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::vector<std::uint8_t> Bytes::read(std::uint64_t address, std::uint64_t size, std::string_view what) const {
  require<Damage>(address <= size_ && size <= size_ - address, what, " at ", address, " (", size,
                  " bytes) passes the end of the file (", size_, ")");
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t done = 0; done < size;) {
    const ssize_t n = ::pread(descriptor_, bytes.data() + done, size - done, static_cast<off_t>(address + done));
    if (n < 0 && errno == EINTR) continue;
    require<IoError>(n >= 0, path_.string(), ": cannot be read: ", std::strerror(errno));
    require<Damage>(n > 0, "the file became shorter while it was read");
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

std::span<const std::uint8_t> Cursor::take(std::uint64_t n) {
  require<Damage>(n <= remaining(), what_, ": needs ", n, " bytes where ", remaining(), " are left");
  auto taken = bytes_.subspan(at_, n);
  at_ += n;
  return taken;
}

std::uint64_t Cursor::number(int n) {
  auto bytes = take(static_cast<std::uint64_t>(n));
  std::uint64_t value = 0;
  for (int i = n; i-- > 0;) value = value << 8 | bytes[static_cast<std::size_t>(i)];
  return value;
}

std::string_view Cursor::c_string() {
  auto rest = bytes_.subspan(at_);
  const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{0});
  require<Damage>(end != rest.end(), what_, ": a name without an end");
  const auto length = static_cast<std::size_t>(end - rest.begin());
  at_ += length + 1;
  return {reinterpret_cast<const char*>(rest.data()), length};
}

void Cursor::expect(std::string_view signature) {
  auto bytes = take(signature.size());
  require<Damage>(std::memcmp(bytes.data(), signature.data(), signature.size()) == 0, what_, ": the signature ",
                  signature, " is missing");
}

}  // namespace cornu::io::hdf5::internal
