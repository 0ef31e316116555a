#include "cornu/io/image/image.h"

#include "cornu/io/atomic_file.h"
#include "cornu/io/image/internal/codecs.h"
#include "cornu/io/image/internal/convert.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::image {

using namespace graph;

namespace internal {

void require_plausible(std::int64_t height, std::int64_t width, std::size_t file_bytes, std::int64_t per_byte,
                       const std::string& name) {
  require<FormatError>(height > 0 && width > 0, "[", name, "] an image of ", width, " x ", height, " pixels");
  require<FormatError>(height <= kMaxPixels / width, "[", name, "] an image of ", width, " x ", height,
                       " pixels is larger than the ", kMaxPixels, " pixels that are allowed");
  require<FormatError>(height * width / per_byte <= static_cast<std::int64_t>(file_bytes), "[", name, "] a file of ",
                       file_bytes, " bytes cannot hold the ", width, " x ", height,
                       " pixels it promises (truncated or damaged)");
}

}  // namespace internal

Array read(const Path& path, Channels channels) {
  const io::internal::InputFile file(path);
  std::vector<std::byte> bytes(file.size());
  file.read_at(0, bytes);
  const auto starts_with = [&](std::initializer_list<int> magic) {
    std::size_t i = 0;
    for (int byte : magic)
      if (i == bytes.size() || bytes[i++] != static_cast<std::byte>(byte)) return false;
    return true;
  };
  if (starts_with({0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}))
    return internal::convert(internal::decode_png(bytes, file.name()), channels);
  if (starts_with({0xff, 0xd8, 0xff})) return internal::convert({internal::decode_jpeg(bytes, file.name())}, channels);
  file.malformed("neither a PNG nor a JPEG image", bytes.empty() ? " (the file is empty)" : "");
}

namespace {

std::string png_of(const char* who, const Array& image, const std::string& name) {
  require<TypeError>(image.dtype() == uint8, who, " needs an image of dtype uint8, got ", image.dtype());
  const bool flat = image.ndim() == 2;
  const std::int64_t channels = flat ? 1 : image.ndim() == 3 ? image.shape().back() : 0;
  require<ShapeError>((channels == 1 || channels == 3 || channels == 4) && image.size() > 0, who,
                      " needs an image of shape (height, width) or (height, width, 1, 3 or 4), got ", image.shape());
  return internal::encode_png(flat ? image.reshape(image.shape().append(1)) : image, name);
}

}  // namespace

std::string encode_png(const Array& image) { return png_of("encode_png", image, "encode_png"); }

void write_png(const Path& path, const Array& image) {
  const std::string bytes = png_of("write_png", image, path.string());
  AtomicFile file(path);
  file.write(bytes.data(), bytes.size());
  file.commit();
}

}  // namespace cornu::io::image
