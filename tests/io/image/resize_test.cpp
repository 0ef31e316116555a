#include "cornu/io/image/resize.h"

#include <gmock/gmock.h>

#include "cornu/io/image/image.h"
#include "tests/io/mutations.h"

namespace cornu::io::image {
namespace {

using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using testing::HasSubstr;
using tests::error_text;

/// An image of numbers that any language makes easily: (37 y + 59 x + 101 c + 11 x y) mod 256.
Array pattern(int height, int width, int channels) {
  Array image({height, width, channels}, uint8);
  std::uint8_t* out = image.data<std::uint8_t>();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c) *out++ = static_cast<std::uint8_t>(37 * y + 59 * x + 101 * c + 11 * x * y);
  return image;
}

std::vector<int> pixels(const Array& image) {
  const auto span = image.span<std::uint8_t>();
  return {span.begin(), span.end()};
}

std::vector<int> resized(int height, int width, Interpolation method, int channels = 1) {
  const Array out = resize(pattern(5, 7, channels), height, width, method);
  EXPECT_EQ(out.shape(), Shape({height, width, channels}));
  return pixels(out);
}

using Pixels = std::vector<int>;

// cv2.resize(..., interpolation=cv2.INTER_LINEAR) of OpenCV 4.11.
TEST(Resize, BilinearIsThatOfCv2) {
  EXPECT_EQ(resized(3, 4, Interpolation::bilinear), (Pixels{36, 145, 180, 109, 104, 214, 132, 114, 173, 91, 115, 182}));
  EXPECT_EQ(resized(7, 9, Interpolation::bilinear),
            (Pixels{0,   39,  85,  131, 177, 223, 126, 59,  98,  21,  65,  115, 166, 217, 154, 111,
                    113, 157, 47,  96,  153, 194, 194, 108, 125, 157, 157, 74,  128, 191, 197, 61,
                    124, 187, 165, 48,  100, 160, 147, 99,  111, 180, 147, 111, 121, 127, 191, 153,
                    86,  161, 151, 120, 130, 195, 148, 216, 183, 121, 201, 82,  105, 185, 254}));
  EXPECT_EQ(resized(2, 3, Interpolation::bilinear, 3),
            (Pixels{72, 173, 104, 230, 75, 176, 130, 167, 119, 183, 114, 129, 149, 186, 95, 114, 193, 60}));
}

// Image.resize of Pillow 11.3.
TEST(Resize, NearestIsThatOfPillow) {
  EXPECT_EQ(resized(3, 4, Interpolation::nearest), (Pixels{0, 118, 236, 98, 74, 236, 142, 48, 148, 98, 48, 254}));
  EXPECT_EQ(resized(6, 9, Interpolation::nearest),
            (Pixels{0,   59,  59,  118, 177, 236, 39,  39,  98,  37,  107, 107, 177, 247, 61,  131, 131, 201,
                    74,  155, 155, 236, 61,  142, 223, 223, 48,  74,  155, 155, 236, 61,  142, 223, 223, 48,
                    111, 203, 203, 39,  131, 223, 59,  59,  151, 148, 251, 251, 98,  201, 48,  151, 151, 254}));
}

TEST(Resize, TheFiltersAreThoseOfPillow) {
  EXPECT_EQ(resized(3, 4, Interpolation::box), (Pixels{51, 180, 149, 118, 115, 149, 142, 136, 179, 118, 136, 154}));
  EXPECT_EQ(resized(3, 4, Interpolation::hamming), (Pixels{41, 149, 168, 111, 108, 171, 136, 127, 175, 115, 128, 173}));
  EXPECT_EQ(resized(3, 4, Interpolation::bicubic), (Pixels{38, 159, 161, 111, 112, 160, 140, 133, 177, 130, 131, 164}));
  EXPECT_EQ(resized(3, 4, Interpolation::lanczos), (Pixels{32, 168, 159, 110, 114, 161, 139, 136, 178, 132, 129, 160}));
  EXPECT_EQ(resized(6, 9, Interpolation::bicubic),
            (Pixels{0,   34,  83,  129, 174, 246, 124, 40,  97,  24,  67,  122, 182, 244, 121, 86,  132, 192,
                    55,  104, 186, 219, 133, 93,  161, 180, 102, 85,  148, 179, 140, 72,  169, 185, 130, 69,
                    118, 199, 141, 45,  151, 194, 115, 96,  185, 144, 231, 189, 111, 204, 64,  90,  195, 255}));
  EXPECT_EQ(resized(6, 9, Interpolation::lanczos),
            (Pixels{0,   32,  88,  124, 171, 255, 128, 31,  99,  23,  65,  114, 180, 249, 135, 64,  133, 199,
                    57,  96,  207, 238, 135, 62,  168, 199, 100, 81,  141, 192, 127, 55,  179, 214, 110, 49,
                    113, 209, 137, 34,  161, 203, 98,  95,  201, 139, 235, 188, 115, 203, 65,  70,  211, 255}));
}

// Image.resize of Pillow 13 with box=(2, 1, 6, 4): pixels beside the box count.
TEST(Resize, OfABoxIsThatOfPillow) {
  const auto of_box = [](Interpolation method) { return pixels(resize(pattern(5, 7, 1), {1, 2, 3, 4}, 4, 3, method)); };
  EXPECT_EQ(of_box(Interpolation::nearest), (Pixels{177, 61, 131, 236, 142, 223, 236, 142, 223, 39, 223, 59}));
  EXPECT_EQ(of_box(Interpolation::bilinear_antialiased),
            (Pixels{182, 161, 116, 184, 122, 160, 143, 130, 158, 87, 171, 115}));
  EXPECT_EQ(of_box(Interpolation::box), (Pixels{177, 154, 131, 236, 102, 223, 236, 102, 223, 39, 177, 59}));
  EXPECT_EQ(of_box(Interpolation::hamming), (Pixels{186, 155, 120, 203, 114, 188, 172, 120, 179, 56, 176, 86}));
  EXPECT_EQ(of_box(Interpolation::bicubic), (Pixels{198, 163, 104, 207, 104, 174, 142, 123, 172, 66, 185, 105}));
  EXPECT_EQ(of_box(Interpolation::lanczos), (Pixels{206, 168, 95, 230, 85, 180, 132, 124, 179, 62, 192, 104}));
  const Box place{1, 3, 3, 0};  // no column wide
  EXPECT_EQ(pixels(resize(pattern(5, 7, 1), place, 2, 2, Interpolation::nearest)), (Pixels{247, 247, 131, 131}));
  EXPECT_EQ(pixels(resize(pattern(5, 7, 1), place, 2, 2, Interpolation::bicubic)), (Pixels{199, 199, 98, 98}));
}

TEST(Resize, TheOrderOfThePassesIsThatOfPillow) {
  EXPECT_EQ(resized(2, 12, Interpolation::lanczos),
            (Pixels{25,  45,  93,  146, 174, 178, 168, 155, 134, 117, 117, 121,
                    104, 156, 212, 164, 105, 125, 145, 135, 129, 138, 157, 169}));
}

// Image.resize of Pillow 13 of an RGBA image.
TEST(Resize, ColoursAreWeighedByAlpha) {
  EXPECT_EQ(resized(2, 3, Interpolation::bicubic, 4),
            (Pixels{107, 119, 93,  128, 146, 110, 89,  122, 129, 153, 117, 130,
                    151, 125, 110, 153, 134, 146, 116, 129, 131, 210, 107, 114}));
  EXPECT_EQ(pixels(resize(pattern(5, 7, 4), {1, 1, 1, 2}, 1, 2, Interpolation::box)),
            (Pixels{107, 208, 52, 154, 176, 21, 122, 224}));
}

// Image.resize of Pillow 13 of an image of mode I;16.
TEST(Resize, GreyOf16Bits) {
  Array deep({5, 7, 1}, int32);
  for (int y = 0; y < 5; ++y)
    for (int x = 0; x < 7; ++x) deep.data<std::int32_t>()[7 * y + x] = (37 * y + 59 * x + 11 * x * y) * 257 % 65536;
  const auto deep_resized = [&](Interpolation method) {
    const Array out = resize(deep, 3, 4, method);
    EXPECT_EQ(out.spec(), (graph::Spec{int32, {3, 4, 1}}));
    const auto span = out.span<std::int32_t>();
    return Pixels(span.begin(), span.end());
  };
  EXPECT_EQ(deep_resized(Interpolation::nearest),
            (Pixels{0, 30326, 60652, 25442, 19018, 60652, 36750, 12848, 38036, 25442, 12848, 254}));
  EXPECT_EQ(deep_resized(Interpolation::bilinear_antialiased),
            (Pixels{12653, 38134, 40551, 29993, 29228, 40472, 36250, 34538, 44071, 34072, 34861, 22936}));
  EXPECT_EQ(deep_resized(Interpolation::lanczos),
            (Pixels{8277, 43090, 41196, 27763, 29451, 41505, 35584, 37661, 45673, 33610, 36085, 20260}));
  EXPECT_THAT(error_text<TypeError>([&] { resize(deep, 3, 4, Interpolation::bilinear); }),
              HasSubstr("bilinear without antialiasing needs dtype uint8, got int32"));
}

TEST(Resize, TheSameSizeAndOnePixelAreNoProblem) {
  const Array image = pattern(5, 7, 3);
  for (const auto method :
       {Interpolation::nearest, Interpolation::bilinear, Interpolation::box, Interpolation::lanczos}) {
    EXPECT_EQ(pixels(resize(image, 5, 7, method)), pixels(image));
    EXPECT_EQ(pixels(resize(pattern(1, 1, 1), 2, 3, method)), Pixels(6, 0));
    EXPECT_EQ(resize(image, 1, 1, method).shape(), Shape({1, 1, 3}));
  }
}

TEST(Resize, RefusesWhatIsNoImage) {
  EXPECT_EQ(error_text<TypeError>([] {
              resize(graph::zeros({2, 2, 1}), 1, 1, Interpolation::nearest);
            }),
            "resize needs an image of dtype uint8 (or int32, if grey), got float32");
  EXPECT_THAT(error_text<ShapeError>([] {
                resize(graph::zeros({2, 2}, uint8), 1, 1, Interpolation::nearest);
              }),
              HasSubstr("resize needs an image of shape (height, width, channels), got (2, 2)"));
  EXPECT_THAT(error_text<ValueError>([] { resize(pattern(2, 2, 1), 0, 5, Interpolation::nearest); }),
              HasSubstr("resize to height 0 and width 5"));
  EXPECT_THAT(error_text<ValueError>([] { resize(pattern(2, 2, 1), 1 << 20, 1 << 20, Interpolation::box); }),
              HasSubstr("at most 178956970 pixels"));
}

TEST(Crop, CutsARectangle) {
  EXPECT_EQ(pixels(crop(pattern(5, 7, 1), {1, 2, 2, 3})), (Pixels{177, 247, 61, 236, 61, 142}));
  EXPECT_THAT(error_text<ValueError>([] {
                crop(pattern(5, 7, 1), {4, 0, 2, 1});
              }),
              HasSubstr("crop of 2 x 1 pixels from (4, 0)"));
  EXPECT_THAT(error_text<ValueError>([] {
                resize(pattern(5, 7, 1), {0, 0, 6, 7}, 2, 2, Interpolation::box);
              }),
              HasSubstr("resize of 6 x 7 pixels from (0, 0) out of an image of shape (5, 7, 1)"));
}

}  // namespace
}  // namespace cornu::io::image
