#include "cornu/io/npy/idx.h"

#include <unistd.h>
#include <zlib.h>

#include <array>
#include <filesystem>
#include <limits>
#include <system_error>

#include "cornu/io/npy/internal/elements.h"

namespace cornu::io::npy {

using namespace graph;

namespace {

/// A file, unpacked by zlib if it is gzipped.
class GzipSource final : public io::internal::Source {
 public:
  explicit GzipSource(const std::filesystem::path& path) : Source(path.string()) {
    io::internal::InputFile file(path);
    std::array<std::byte, 2> magic{};
    if (file.size() >= magic.size()) file.read_at(0, magic);
    const bool gzipped = magic[0] == std::byte{0x1f} && magic[1] == std::byte{0x8b};
    constexpr std::uint64_t kMaxDeflateRatio = 1032;
    left_ = file.size() * (gzipped ? kMaxDeflateRatio : 1);
    const int descriptor = ::dup(file.descriptor());
    file_ = descriptor < 0 ? nullptr : gzdopen(descriptor, "rb");
    if (!file_) {
      if (descriptor >= 0) ::close(descriptor);
      throw IoError(message("[", name(), "] cannot read: ", std::generic_category().message(errno)));
    }
    gzbuffer(file_, 1 << 17);
  }
  ~GzipSource() override { gzclose_r(file_); }
  std::uint64_t left() const override { return left_; }
  void read(std::span<std::byte> out) override {
    while (!out.empty()) {
      const std::size_t n = read_some(out);
      if (n == 0) malformed("ends too early (truncated or damaged)");
      left_ -= std::min<std::uint64_t>(left_, n);
      out = out.subspan(n);
    }
  }
  bool at_end() {
    std::array<std::byte, 1> next;
    return read_some(next) == 0;
  }

 private:
  std::size_t read_some(std::span<std::byte> out) {
    const int n = gzread(file_, out.data(), static_cast<unsigned>(std::min<std::size_t>(out.size(), 1u << 30)));
    int status = Z_OK;
    const char* text = gzerror(file_, &status);
    if (status == Z_ERRNO)
      throw IoError(message("[", name(), "] cannot read: ", std::generic_category().message(errno)));
    if (status == Z_BUF_ERROR) malformed("its gzipped data ends too early (truncated)");
    if (n < 0 || (status != Z_OK && status != Z_STREAM_END)) malformed("damaged gzipped data: ", text);
    return static_cast<std::size_t>(n);
  }

  gzFile file_ = nullptr;
  std::uint64_t left_ = 0;
};

}  // namespace

Array load_idx(const Path& path) {
  GzipSource source(path);
  std::array<unsigned char, 4> magic{};
  if (source.left() < magic.size()) source.malformed("not an IDX file: too short");
  source.read(std::as_writable_bytes(std::span(magic)));
  const int type = magic[2], rank = magic[3];
  internal::Encoding encoding{'u', 1, std::endian::big};
  switch (type) {
    case 0x08:
      break;
    case 0x09:
      encoding = {'i', 1, std::endian::big};
      break;
    case 0x0b:
      encoding = {'i', 2, std::endian::big};
      break;
    case 0x0c:
      encoding = {'i', 4, std::endian::big};
      break;
    case 0x0d:
      encoding = {'f', 4, std::endian::big};
      break;
    case 0x0e:
      encoding = {'f', 8, std::endian::big};
      break;
    default:
      source.malformed("not an IDX file: it does not begin with 0, 0 and a type of elements (8, 9, 11 to 14)");
  }
  if (magic[0] != 0 || magic[1] != 0)
    source.malformed("not an IDX file: it does not begin with 0, 0 and a type of elements (8, 9, 11 to 14)");
  if (rank > Shape::kMaxRank)
    source.malformed("an array of ", rank, " axes; at most ", Shape::kMaxRank, " are possible");
  std::vector<std::int64_t> dims;
  for (int i = 0; i < rank; ++i) {
    std::array<unsigned char, 4> dim{};
    source.read(std::as_writable_bytes(std::span(dim)));
    dims.push_back(std::int64_t{dim[0]} << 24 | dim[1] << 16 | dim[2] << 8 | dim[3]);
  }
  Array array = internal::read_elements(source, encoding, Shape(dims));
  if (!source.at_end()) source.malformed("is longer than its header says, ", array.spec(), ": damaged");
  return array;
}

}  // namespace cornu::io::npy
