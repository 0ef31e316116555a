#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "cornu/io/image/internal/codecs.h"

namespace cornu::io::image::internal {

using namespace graph;

// libpng reports an error by a call that must not return. The handler notes the text and jumps; no object with a
// destructor is made between setjmp and the jump: the functions below that call setjmp hold plain values only.

namespace {

struct Problem {
  char text[200] = "";
  static void error(png_structp png, png_const_charp text) {
    std::strncpy(static_cast<Problem*>(png_get_error_ptr(png))->text, text, sizeof Problem::text - 1);
    png_longjmp(png, 1);
  }
  static void warning(png_structp, png_const_charp) {}
};

struct Reader {
  std::span<const std::byte> left;
  Problem problem;
  png_structp png = nullptr;
  png_infop info = nullptr;

  explicit Reader(std::span<const std::byte> bytes) : left(bytes) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &problem, Problem::error, Problem::warning);
    info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
      png_destroy_read_struct(&png, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  static void read(png_structp png, png_bytep out, std::size_t n) {
    auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
    if (n > reader.left.size()) png_error(png, "the file ends too early (truncated)");
    std::memcpy(out, reader.left.data(), n);
    reader.left = reader.left.subspan(n);
  }

  bool read_header() {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_read_fn(png, this, read);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);  // require_plausible says more than libpng
    png_read_info(png, info);
    return true;
  }

  bool start_rows() {
    if (setjmp(png_jmpbuf(png))) return false;
    const int color = png_get_color_type(png, info);
    png_set_strip_16(png);
    png_set_expand(png);  // palettes, low depths and the transparent colour
    if (color == PNG_COLOR_TYPE_GRAY_ALPHA || (color == PNG_COLOR_TYPE_GRAY && png_get_valid(png, info, PNG_INFO_tRNS)))
      png_set_gray_to_rgb(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return true;
  }

  bool read_rows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_read_image(png, rows);
    png_read_end(png, nullptr);
    return true;
  }
};

struct Writer {
  std::string& out;
  Problem problem;
  png_structp png = nullptr;
  png_infop info = nullptr;

  explicit Writer(std::string& to) : out(to) {
    png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &problem, Problem::error, Problem::warning);
    info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
      png_destroy_write_struct(&png, nullptr);
      throw std::bad_alloc();
    }
  }
  ~Writer() { png_destroy_write_struct(&png, &info); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  static void write(png_structp png, png_bytep data, std::size_t n) {
    auto& writer = *static_cast<Writer*>(png_get_io_ptr(png));
    bool ok = true;
    try {
      writer.out.append(reinterpret_cast<const char*>(data), n);
    } catch (const std::bad_alloc&) {
      ok = false;  // an exception must not pass through libpng
    }
    if (!ok) png_error(png, "not enough memory");
  }
  static void flush(png_structp) {}

  bool write_image(png_uint_32 height, png_uint_32 width, int color, png_bytepp rows) {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_write_fn(png, this, write, flush);
    png_set_IHDR(png, info, width, height, 8, color, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    png_write_image(png, rows);
    png_write_end(png, nullptr);
    return true;
  }
};

std::vector<png_bytep> rows_of(const Array& image) {
  std::vector<png_bytep> rows(image.shape()[0]);
  const std::int64_t stride = image.shape()[1] * image.shape()[2];
  for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = image.data<std::uint8_t>() + y * stride;
  return rows;
}

}  // namespace

Array decode_png(std::span<const std::byte> bytes, const std::string& name) {
  Reader reader(bytes);
  const auto check = [&](bool ok) {
    require<FormatError>(ok, "[", name, "] damaged PNG image: ", reader.problem.text);
  };
  check(reader.read_header());
  const std::int64_t height = png_get_image_height(reader.png, reader.info),
                     width = png_get_image_width(reader.png, reader.info);
  constexpr std::int64_t kMaxDeflateRatio = 1032;
  const std::int64_t bits = png_get_bit_depth(reader.png, reader.info) * png_get_channels(reader.png, reader.info);
  require_plausible(height, width, bytes.size(), std::max<std::int64_t>(1, 8 * kMaxDeflateRatio / bits), name);
  check(reader.start_rows());
  Array image({height, width, png_get_channels(reader.png, reader.info)}, uint8);
  auto rows = rows_of(image);
  check(reader.read_rows(rows.data()));
  return image;
}

std::string encode_png(const Array& image, const std::string& name) {
  std::string bytes;
  Writer writer(bytes);
  auto rows = rows_of(image);
  const std::int64_t channels = image.shape()[2];
  const int color = channels == 1 ? PNG_COLOR_TYPE_GRAY : channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA;
  require<ValueError>(image.shape()[0] <= 1'000'000 && image.shape()[1] <= 1'000'000, "[", name, "] an image of ",
                      image.shape()[1], " x ", image.shape()[0], " pixels is too large for a PNG file");
  const bool ok = writer.write_image(static_cast<png_uint_32>(image.shape()[0]),
                                     static_cast<png_uint_32>(image.shape()[1]), color, rows.data());
  require<IoError>(ok, "[", name, "] cannot write: ", writer.problem.text);
  return bytes;
}

}  // namespace cornu::io::image::internal
