#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <cstring>

// clang-format off: libjpeg's header uses FILE and size_t, and jerror.h what jpeglib.h declares.
#include <jerror.h>
#include <jpeglib.h>
// clang-format on

#include "cornu/io/image/internal/codecs.h"

namespace cornu::io::image::internal {

using namespace graph;

// As in png.cpp, libjpeg's errors jump, and the functions that call setjmp hold no object with a destructor.

namespace {

struct JpegReader {
  jpeg_decompress_struct jpeg{};
  jpeg_error_mgr errors{};
  std::jmp_buf jump;
  char text[JMSG_LENGTH_MAX] = "";
  bool created = false;

  JpegReader() {
    jpeg.err = jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr common) {
      auto& reader = *static_cast<JpegReader*>(common->client_data);
      common->err->format_message(common, reader.text);
      std::longjmp(reader.jump, 1);
    };
    errors.emit_message = [](j_common_ptr common, int level) {
      // After a warning libjpeg goes on and makes missing pixels grey. We let only those warnings pass that do not
      // concern the pixels.
      const int code = common->err->msg_code;
      if (level < 0 && code != JWRN_EXTRANEOUS_DATA && code != JWRN_JFIF_MAJOR && code != JWRN_ADOBE_XFORM)
        common->err->error_exit(common);
    };
    errors.output_message = [](j_common_ptr) {};
  }
  ~JpegReader() {
    if (created) jpeg_destroy_decompress(&jpeg);
  }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool read_header(const unsigned char* bytes, unsigned long size) {
    if (setjmp(jump)) return false;
    jpeg_create_decompress(&jpeg);
    created = true;
    jpeg_mem_src(&jpeg, bytes, size);
    jpeg_read_header(&jpeg, TRUE);
    return true;
  }

  bool start() {
    if (setjmp(jump)) return false;
    const bool grey = jpeg.jpeg_color_space == JCS_GRAYSCALE, four = jpeg.num_components == 4;
    jpeg.out_color_space = grey ? JCS_GRAYSCALE : four ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(&jpeg);
    return true;
  }

  bool read_rows(unsigned char* out, std::size_t stride) {
    if (setjmp(jump)) return false;
    while (jpeg.output_scanline < jpeg.output_height) {
      JSAMPROW row = out + stride * jpeg.output_scanline;
      jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_decompress(&jpeg);
    return true;
  }
};

/// Pillow's conversion: each colour is taken off the white that black leaves. Adobe's programs store all four inverted,
/// and Pillow takes that for granted of every file.
Array rgb_from_cmyk(const Array& cmyk) {
  Array rgb(cmyk.shape().with(2, 3), uint8);
  const std::uint8_t* in = cmyk.data<std::uint8_t>();
  std::uint8_t* out = rgb.data<std::uint8_t>();
  for (std::int64_t i = 0; i < cmyk.size(); i += 4) {
    const int white = in[i + 3];
    for (int c = 0; c < 3; ++c) {
      const int product = (255 - in[i + c]) * white + 128;
      *out++ = static_cast<std::uint8_t>(white - ((product + (product >> 8)) >> 8));  // product / 255, exactly rounded
    }
  }
  return rgb;
}

}  // namespace

Array decode_jpeg(std::span<const std::byte> bytes, const std::string& name) {
  JpegReader reader;
  reader.jpeg.client_data = &reader;
  const auto check = [&](bool ok) { require<FormatError>(ok, "[", name, "] damaged JPEG image: ", reader.text); };
  check(reader.read_header(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
  // The finest component has one block for 8 x 8 pixels. A Huffman code takes at least one bit for a block, an
  // arithmetic code takes less.
  const std::int64_t pixels_per_byte = reader.jpeg.arith_code ? 64 * 512 : 512;
  require_plausible(reader.jpeg.image_height, reader.jpeg.image_width, bytes.size(), pixels_per_byte, name);
  check(reader.start());
  Array image({reader.jpeg.output_height, reader.jpeg.output_width, reader.jpeg.output_components}, uint8);
  check(reader.read_rows(image.data<std::uint8_t>(), static_cast<std::size_t>(image.shape()[1] * image.shape()[2])));
  return image.shape()[2] == 4 ? rgb_from_cmyk(image) : image;
}

}  // namespace cornu::io::image::internal
