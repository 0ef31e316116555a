#include <png.h>

#include <algorithm>
#include <bit>
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

struct PngReader {
  std::span<const std::byte> left;
  Problem problem;
  png_structp png = nullptr;
  png_infop info = nullptr;

  explicit PngReader(std::span<const std::byte> bytes) : left(bytes) {
    png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &problem, Problem::error, Problem::warning);
    info = png ? png_create_info_struct(png) : nullptr;
    if (!info) {
      png_destroy_read_struct(&png, nullptr, nullptr);
      throw std::bad_alloc();
    }
  }
  ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  static void read(png_structp png, png_bytep out, std::size_t n) {
    auto& reader = *static_cast<PngReader*>(png_get_io_ptr(png));
    if (n > reader.left.size()) png_error(png, "the file ends too early (truncated)");
    std::memcpy(out, reader.left.data(), n);
    reader.left = reader.left.subspan(n);
  }

  bool read_header() {
    if (setjmp(png_jmpbuf(png))) return false;
    png_set_read_fn(png, this, read);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);  // the messages of require_plausible say more than libpng's
    png_read_info(png, info);
    return true;
  }

  bool start_rows() {
    if (setjmp(png_jmpbuf(png))) return false;
    const int color = png_get_color_type(png, info);
    if (color != PNG_COLOR_TYPE_GRAY) png_set_strip_16(png);
    if (color == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png);
    png_set_packing(png);  // indices of 1, 2 and 4 bits take a byte each
    if (std::endian::native == std::endian::little) png_set_swap(png);
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

std::vector<png_bytep> rows_of(png_bytep first, std::size_t height, std::size_t stride) {
  std::vector<png_bytep> rows(height);
  for (std::size_t y = 0; y < height; ++y) rows[y] = first + y * stride;
  return rows;
}

std::vector<std::array<std::uint8_t, 4>> palette_of(const PngReader& reader) {
  png_colorp colors = nullptr;
  png_bytep alpha = nullptr;
  int n = 0, alphas = 0;
  if (png_get_color_type(reader.png, reader.info) != PNG_COLOR_TYPE_PALETTE) return {};
  png_get_PLTE(reader.png, reader.info, &colors, &n);
  png_get_tRNS(reader.png, reader.info, &alpha, &alphas, nullptr);
  // An index beyond the palette is black.
  std::vector<std::array<std::uint8_t, 4>> palette(256, {0, 0, 0, 255});
  for (int i = 0; i < n; ++i) palette[i] = {colors[i].red, colors[i].green, colors[i].blue, 255};
  for (int i = 0; i < alphas; ++i) palette[i][3] = alpha[i];
  return palette;
}

std::optional<std::array<std::uint8_t, 3>> transparent_color_of(const PngReader& reader) {
  const int color = png_get_color_type(reader.png, reader.info);
  png_color_16p key = nullptr;
  if (color == PNG_COLOR_TYPE_PALETTE || !png_get_tRNS(reader.png, reader.info, nullptr, nullptr, &key)) return {};
  const auto low = [](unsigned value) { return static_cast<std::uint8_t>(value); };
  if (color == PNG_COLOR_TYPE_RGB) return {{low(key->red), low(key->green), low(key->blue)}};
  const bool bit = png_get_bit_depth(reader.png, reader.info) == 1;
  const std::uint8_t grey = bit ? (key->gray ? 255 : 0) : low(key->gray);
  return {{grey, grey, grey}};
}

}  // namespace

Decoded decode_png(std::span<const std::byte> bytes, const std::string& name) {
  PngReader reader(bytes);
  const auto check = [&](bool ok) {
    require<FormatError>(ok, "[", name, "] damaged PNG image: ", reader.problem.text);
  };
  check(reader.read_header());
  const std::int64_t height = png_get_image_height(reader.png, reader.info),
                     width = png_get_image_width(reader.png, reader.info);
  constexpr std::int64_t kMaxDeflateRatio = 1032;
  const int depth = png_get_bit_depth(reader.png, reader.info);
  const std::int64_t bits = depth * png_get_channels(reader.png, reader.info);
  require_plausible(height, width, bytes.size(), std::max<std::int64_t>(1, 8 * kMaxDeflateRatio / bits), name);
  Decoded image{Array(), palette_of(reader), transparent_color_of(reader)};
  check(reader.start_rows());
  const std::int64_t channels = png_get_channels(reader.png, reader.info);
  if (depth == 16 && channels == 1) {
    std::vector<std::uint16_t> values(static_cast<std::size_t>(height * width));
    check(reader.read_rows(rows_of(reinterpret_cast<png_bytep>(values.data()), height, width * 2).data()));
    image.pixels = Array({height, width, 1}, int32);
    std::copy(values.begin(), values.end(), image.pixels.data<std::int32_t>());
  } else {
    image.pixels = Array({height, width, channels}, uint8);
    check(reader.read_rows(rows_of(image.pixels.data<std::uint8_t>(), height, width * channels).data()));
  }
  return image;
}

std::string encode_png(const Array& image, const std::string& name) {
  std::string bytes;
  Writer writer(bytes);
  const std::int64_t channels = image.shape()[2];
  auto rows = rows_of(image.data<std::uint8_t>(), image.shape()[0], image.shape()[1] * channels);
  const int color = channels == 1 ? PNG_COLOR_TYPE_GRAY : channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA;
  require<ValueError>(image.shape()[0] <= 1'000'000 && image.shape()[1] <= 1'000'000, "[", name, "] an image of ",
                      image.shape()[1], " x ", image.shape()[0], " pixels is too large for a PNG file");
  const bool ok = writer.write_image(static_cast<png_uint_32>(image.shape()[0]),
                                     static_cast<png_uint_32>(image.shape()[1]), color, rows.data());
  require<IoError>(ok, "[", name, "] cannot write: ", writer.problem.text);
  return bytes;
}

}  // namespace cornu::io::image::internal
