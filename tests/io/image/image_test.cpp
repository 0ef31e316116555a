#include "cornu/io/image/image.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::image {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using graph::ShapeError;
using graph::TypeError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

using Pixels = std::vector<int>;

Pixels pixels(const Array& image) {
  const auto span = image.span<std::uint8_t>();
  return {span.begin(), span.end()};
}

// Made with Pillow; the values are those of Pillow's convert("L"), ("RGB") or ("RGBA").
const std::string kPalette = from_hex(  // 2 bits a pixel, entry 1 transparent
    "89504e470d0a1a0a0000000d4948445200000003000000010203000000668efc270000000c504c5445ff000000ff000a141e000000a186729d"
    "0000000274524e53ff"
    "00e5b7304a0000000a49444154789c63900000001a00192d88f4360000000049454e44ae426082");
const std::string kGrey2Bits = from_hex(
    "89504e470d0a1a0a0000000d494844520000000400000001020000000096e748b00000000a4944415478da63900600001d001c237c8fac0000"
    "000049454e44ae4260"
    "82");
const std::string kGreyAlpha = from_hex(
    "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d49444154789c63e4fc1fcd010003e9016d11bb25"
    "3e0000000049454e44"
    "ae426082");
const std::string kRgb16Bits = from_hex(
    "89504e470d0a1a0a0000000d49484452000000010000000210020000004673fd33000000154944415478da6360fccfd4c0ccc0f0ff7f039000"
    "001f340503ff4a7899"
    "0000000049454e44ae426082");
const std::string kInterlaced = from_hex(  // 5 x 5: 0, 10, ..., 240
    "89504e470d0a1a0a0000000d4948445200000005000000050800000001df0349af0000002d4944415478da636060d06038f1814184e10e434a"
    "450f03971c435e13c3"
    "a5670c46366e01510cd316acdab20f00b1720bb95ac30d760000000049454e44ae426082");
const std::string kJpeg = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b28252528513a3d3042605565645f55"
    "5d5b6a7899816a7190"
    "735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ffdb0043011c1e1e2823284e2b2b4ea46e5d6ea4a4a4a4a4a4a4a4a4a4a4a4a4a4a4"
    "a4a4a4a4a4a4a4a4a4"
    "a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4a4ffc00011080002000303012200021101031101ffc400150001010000000000"
    "000000000000000000"
    "0005ffc40017100101010100000000000000000000000000010211ffc40014010100000000000000000000000000000003ffc4001411010000"
    "000000000000000000"
    "0000000000ffda000c03010002110311003f008999390038dfffd9");
const std::string kGreyJpeg = from_hex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933"
    "383740485c4e404457"
    "453738506d51575f626768673e4d71797064785c656763ffc0000b080002000301011100ffc400140001000000000000000000000000000000"
    "05ffc4001410010000"
    "0000000000000000000000000000ffda0008010100003f0015ffd9");
const std::string kCmykJpeg = from_hex(
    "ffd8ffee000e41646f626500640000000000ffdb004300100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c39333837"
    "40485c4e4044574537"
    "38506d51575f626768673e4d71797064785c656763ffc000140800010002044311004d11005911004b1100ffc4001500010100000000000000"
    "000000000000000604"
    "ffc40014100100000000000000000000000000000000ffda000e0443004d0059004b00003f0034b89cc5ffd9");

class ImageFile : public testing::Test {
 protected:
  Array read_bytes(const std::string& bytes) {
    write_text(path_, bytes);
    return read(path_);
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.png";
};

TEST_F(ImageFile, PngOfEveryKindBecomesBytes) {
  const Array palette = read_bytes(kPalette);
  EXPECT_EQ(palette.spec(), (graph::Spec{uint8, {1, 3, 4}}));
  EXPECT_THAT(pixels(palette), ElementsAre(255, 0, 0, 255, 0, 255, 0, 0, 10, 20, 30, 255));

  const Array grey = read_bytes(kGrey2Bits);
  EXPECT_EQ(grey.shape(), Shape({1, 4, 1}));
  EXPECT_THAT(pixels(grey), ElementsAre(0, 85, 170, 255));

  const Array alpha = read_bytes(kGreyAlpha);
  EXPECT_EQ(alpha.shape(), Shape({1, 2, 4}));
  EXPECT_THAT(pixels(alpha), ElementsAre(9, 9, 9, 255, 100, 100, 100, 7));

  const Array deep = read_bytes(kRgb16Bits);  // 0x01ff, 0x0280, 0x0300; 0xffff, 0x8000, 0x00ff
  EXPECT_EQ(deep.shape(), Shape({2, 1, 3}));
  EXPECT_THAT(pixels(deep), ElementsAre(1, 2, 3, 255, 128, 0));

  const Array interlaced = read_bytes(kInterlaced);
  EXPECT_EQ(interlaced.shape(), Shape({5, 5, 1}));
  for (int i = 0; i < 25; ++i) EXPECT_EQ(pixels(interlaced)[i], 10 * i);
}

TEST_F(ImageFile, JpegOfEveryKindBecomesBytes) {
  const Array color = read_bytes(kJpeg);
  EXPECT_EQ(color.spec(), (graph::Spec{uint8, {2, 3, 3}}));
  EXPECT_THAT(pixels(color), ElementsAre(0, 18, 61, 4, 25, 68, 12, 33, 76, 0, 20, 63, 7, 28, 71, 15, 36, 79));
  const Array grey = read_bytes(kGreyJpeg);
  EXPECT_EQ(grey.shape(), Shape({2, 3, 1}));
  EXPECT_THAT(pixels(grey), testing::Each(76));
  EXPECT_THAT(pixels(read_bytes(kCmykJpeg)), ElementsAre(48, 138, 183, 48, 138, 183));
}

TEST_F(ImageFile, WrittenPngComesBack) {
  for (const int channels : {1, 3, 4}) {
    Array image({3, 5, channels}, uint8);
    for (std::int64_t i = 0; i < image.size(); ++i) image.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 17);
    write_png(path_, image);
    const Array back = read(path_);
    EXPECT_EQ(back.shape(), image.shape());
    EXPECT_EQ(pixels(back), pixels(image));
    EXPECT_EQ(encode_png(image), read_text(path_));
  }
  write_png(path_, Array({{std::uint8_t{1}, std::uint8_t{2}}}));
  EXPECT_EQ(read(path_).shape(), Shape({1, 2, 1}));
}

TEST_F(ImageFile, NamesTheFileAndWhatIsWrong) {
  EXPECT_THAT(error_text<IoError>([&] { read(folder_ / "none.png"); }),
              HasSubstr("none.png] cannot read: No such file or directory"));
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes("GIF89a"); }),
              HasSubstr("a.png] neither a PNG nor a JPEG image"));
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(""); }),
              HasSubstr("neither a PNG nor a JPEG image (the file is empty)"));
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(kInterlaced.substr(0, 60)); }),
              HasSubstr("damaged PNG image: the file ends too early (truncated)"));
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(kJpeg.substr(0, kJpeg.size() - 4)); }),
              HasSubstr("damaged JPEG image: Premature end of JPEG file"));
  EXPECT_EQ(error_text<TypeError>([&] {
              write_png(path_, graph::zeros({2, 2}));
            }),
            "write_png needs an image of dtype uint8, got float32");
  EXPECT_EQ(error_text<TypeError>([&] {
              encode_png(graph::zeros({2, 2}));
            }),
            "encode_png needs an image of dtype uint8, got float32");
  EXPECT_THAT(error_text<ShapeError>([&] {
                write_png(path_, graph::zeros({2, 2, 2}, uint8));
              }),
              HasSubstr("1, 3 or 4), got (2, 2, 2)"));
  EXPECT_THAT(error_text<IoError>([&] {
                write_png(folder_ / "no" / "a.png", graph::zeros({2, 2}, uint8));
              }),
              HasSubstr("cannot write: No such file"));
}

TEST_F(ImageFile, HugeImagesAreRefusedBeforeMemoryIsTaken) {
  // The same pixels with other sizes in the header; PNG's checksums are put right.
  const auto png = [](const std::string& width, const std::string& height, const std::string& crc) {
    return from_hex("89504e470d0a1a0a0000000d49484452") + from_hex(width + height) + from_hex("0800000000") +
           from_hex(crc) + from_hex("0000000a4944415478da63900600001d001c237c8fac0000000049454e44ae426082");
  };
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(png("00100000", "00100000", "6e43ff19")); }),
              HasSubstr("an image of 1048576 x 1048576 pixels is larger"));
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(png("00002000", "00002000", "57c19585")); }),
              HasSubstr("cannot hold the 8192 x 8192 pixels it promises"));
  std::string jpeg = kGreyJpeg;
  const std::size_t frame = jpeg.find("\xff\xc0");
  jpeg.replace(frame + 5, 4, "\x20\x01\x20\x01");
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes(jpeg); }),
              HasSubstr("cannot hold the 8193 x 8193 pixels it promises"));
}

TEST_F(ImageFile, DamagedFilesGiveClearErrors) {
  const auto read_it = [](const fs::path& path) { read(path); };
  EXPECT_GT(tests::expect_clear_errors(kPalette, read_it), 300);
  EXPECT_GT(tests::expect_clear_errors(kInterlaced, read_it), 300);
  EXPECT_GT(tests::expect_clear_errors(kJpeg, read_it), 100);
  EXPECT_GT(tests::expect_clear_errors(kCmykJpeg, read_it), 100);
}

}  // namespace
}  // namespace cornu::io::image
