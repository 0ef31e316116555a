#include <gmock/gmock.h>

#include "cornu/io/image/image.h"
#include "tests/io/mutations.h"

// Small pictures and what Pillow 13, by which Keras reads them, makes of them: convert("L"), ("RGB") and ("RGBA").

namespace cornu::io::image {
namespace {

using testing::ElementsAreArray;
using tests::from_hex;

// A transparent colour is compared as Pillow does it: of grey of 2 bits with the expanded values, of 16 bits with its
// lower byte.
const std::string kGrey1Key = from_hex(  // 1 0 1 0, transparent: 1
    "89504e470d0a1a0a0000000d4948445200000004000000010100000000d14732600000000274524e5300010194fdae000000"
    "0a49444154789c6358000000a200a1dc8db1cc0000000049454e44ae426082");
const std::string kGrey2Key = from_hex(  // 0 1 2 3, transparent: 85
    "89504e470d0a1a0a0000000d494844520000000400000001020000000096e748b00000000274524e5300556d926843000000"
    "0a49444154789c63900600001d001c8ef4f5210000000049454e44ae426082");
const std::string kGrey16Key = from_hex(  // 1 255 256 65535, transparent: 255
    "89504e470d0a1a0a0000000d49484452000000040000000110000000008cc78c520000000274524e5300ff5b9122b5000000"
    "0f49444154789c63606064f80f44ff01080c030051d1abfa0000000049454e44ae426082");
const std::string kRgbKey = from_hex(  // transparent: 40 50 60
    "89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000674524e5300280032003c97972e"
    "2d0000000f49444154789c63e01291d330b20100023700d35b5651d80000000049454e44ae426082");
const std::string kRgb16Key = from_hex(  // 0x0103 0x02ff 0x0300, 0x0400 0x0500 0x0600, transparent: 1 2 3
    "89504e470d0a1a0a0000000d49484452000000020000000110020000002bd0349e0000000674524e53000100020003c94bab"
    "f50000001549444154789c63606466facfccc0c2c0cac0c6000009950118bc2753040000000049454e44ae426082");
const std::string kGreyAlpha16 = from_hex(  // 0x0102 0x0800, 0xffff 0x00ff
    "89504e470d0a1a0a0000000d49484452000000020000000110040000000ebb6b420000001149444154789c636064e260f8ff"
    "9fe13f0008470309055962c50000000049454e44ae426082");
const std::string kPalette4 = from_hex(  // 0 1 2 9; three colours, of alpha 128, 255, 0
    "89504e470d0a1a0a0000000d49484452000000040000000104030000000b1212fe00000009504c54450a141ec864324d4d4d"
    "278ed4940000000374524e5380ff008867222c0000000b49444154789c6360d40400002e002b1c280fa30000000049454e44"
    "ae426082");
const std::string kCmykJpeg = from_hex(
    "ffd8ffee000e41646f626500640000000000ffdb0043000302020302020303030304030304050805050404050a070706080c"
    "0a0c0c0b0a0b0b0d0e12100d0e110e0b0b1016101113141515150c0f171816141812141514ffc00014080002000204431100"
    "4d11005911004b1100ffc400160001010100000000000000000000000000080509ffc4001410010000000000000000000000"
    "0000000000ffda000e0443004d0059004b00003f00d03530f0b37fffd9");

class ImageChannels : public testing::Test {
 protected:
  void expect(const std::string& bytes, Channels channels, DType dtype, std::int64_t count,
              const std::vector<int>& values) {
    tests::write_text(path_, bytes);
    const Array image = read(path_, channels);
    EXPECT_EQ(image.dtype(), dtype);
    EXPECT_EQ(image.shape()[2], count);
    const Array numbers = image.astype(graph::int32);
    EXPECT_THAT(numbers.span<std::int32_t>(), ElementsAreArray(values));
  }
  void expect(const std::string& bytes, const std::vector<int>& grey, const std::vector<int>& rgb,
              const std::vector<int>& rgba) {
    expect(bytes, Channels::grey, graph::uint8, 1, grey);
    expect(bytes, Channels::rgb, graph::uint8, 3, rgb);
    expect(bytes, Channels::rgba, graph::uint8, 4, rgba);
  }

  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "a.png";
};

TEST_F(ImageChannels, GreyWithATransparentValue) {
  expect(kGrey1Key, {255, 0, 255, 0}, {255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0},
         {255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0, 255});
  expect(kGrey2Key, {0, 85, 170, 255}, {0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255},
         {0, 0, 0, 255, 85, 85, 85, 0, 170, 170, 170, 255, 255, 255, 255, 255});
}

TEST_F(ImageChannels, GreyOf16BitsKeepsItsValues) {
  expect(kGrey16Key, Channels::grey, graph::int32, 1, {1, 255, 256, 65535});
  expect(kGrey16Key, Channels::as_stored, graph::int32, 1, {1, 255, 256, 65535});
  expect(kGrey16Key, Channels::rgb, graph::uint8, 3, {1, 1, 1, 255, 255, 255, 255, 255, 255, 255, 255, 255});
  expect(kGrey16Key, Channels::rgba, graph::uint8, 4,
         {1, 1, 1, 255, 255, 255, 255, 0, 255, 255, 255, 0, 255, 255, 255, 0});
}

TEST_F(ImageChannels, ColoursWithATransparentOne) {
  expect(kRgbKey, {18, 48}, {10, 20, 30, 40, 50, 60}, {10, 20, 30, 255, 40, 50, 60, 0});
  expect(kRgb16Key, {2, 5}, {1, 2, 3, 4, 5, 6}, {1, 2, 3, 0, 4, 5, 6, 255});
  expect(kRgbKey, Channels::as_stored, graph::uint8, 4, {10, 20, 30, 255, 40, 50, 60, 0});
}

TEST_F(ImageChannels, GreyWithAlphaOf16Bits) {
  expect(kGreyAlpha16, {1, 255}, {1, 1, 1, 255, 255, 255}, {1, 1, 1, 8, 255, 255, 255, 0});
}

TEST_F(ImageChannels, PaletteWithAlphasAndAnIndexBeyondIt) {
  expect(kPalette4, {18, 124, 77, 0}, {10, 20, 30, 200, 100, 50, 77, 77, 77, 0, 0, 0},
         {10, 20, 30, 128, 200, 100, 50, 255, 77, 77, 77, 0, 0, 0, 0, 255});
}

TEST_F(ImageChannels, JpegOfFourColours) {
  const auto four = [](std::vector<int> pixel) {
    std::vector<int> all;
    for (int i = 0; i < 4; ++i) all.insert(all.end(), pixel.begin(), pixel.end());
    return all;
  };
  expect(kCmykJpeg, four({117}), four({172, 103, 42}), four({172, 103, 42, 255}));
  // The marker of Adobe's programs says that the colours are YCCK; without it they are inverted all the same.
  const std::size_t adobe = kCmykJpeg.find("Adobe");
  std::string ycck = kCmykJpeg, unmarked = kCmykJpeg;
  ycck[adobe + 11] = 2;
  unmarked.erase(adobe - 4, 16);
  expect(ycck, four({32}), four({101, 0, 14}), four({101, 0, 14, 255}));
  expect(unmarked, four({117}), four({172, 103, 42}), four({172, 103, 42, 255}));
}

TEST_F(ImageChannels, DamagedFilesGiveClearErrors) {
  for (const Channels channels : {Channels::grey, Channels::rgba}) {
    const auto read_it = [&](const std::filesystem::path& path) { read(path, channels); };
    for (const std::string& bytes : {kGrey1Key, kGrey16Key, kRgb16Key, kPalette4})
      EXPECT_GT(tests::expect_clear_errors(bytes, read_it), 200);
  }
}

}  // namespace
}  // namespace cornu::io::image
