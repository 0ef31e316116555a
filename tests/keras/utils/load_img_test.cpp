#include "cornu/keras/utils/load_img.h"

#include <gmock/gmock.h>

#include "cornu/io/image/image.h"
#include "tests/io/mutations.h"

namespace cornu::keras::utils {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;

std::vector<int> pixels(const Array& image) {
  const auto span = image.span<std::uint8_t>();
  return {span.begin(), span.end()};
}

class LoadImg : public testing::Test {
 protected:
  /// (37 y + 59 x + 101 c + 11 x y) mod 256
  LoadImg() : image_({5, 7, 3}, graph::uint8) {
    std::uint8_t* out = image_.data<std::uint8_t>();
    for (int y = 0; y < 5; ++y)
      for (int x = 0; x < 7; ++x)
        for (int c = 0; c < 3; ++c) *out++ = static_cast<std::uint8_t>(37 * y + 59 * x + 101 * c + 11 * x * y);
    io::image::write_png(rgb_, image_);
    io::image::write_png(grey_, Array({{std::uint8_t{1}, std::uint8_t{200}}}));
    io::image::write_png(
        rgba_, Array{std::uint8_t{10}, std::uint8_t{20}, std::uint8_t{30}, std::uint8_t{40}}.reshape({1, 1, 4}));
  }
  TemporaryFolder folder_;
  std::filesystem::path rgb_ = folder_ / "rgb.png", grey_ = folder_ / "grey.png", rgba_ = folder_ / "rgba.png";
  Array image_;
};

TEST_F(LoadImg, DefaultsToTheFilesSizeInColour) {
  const Array image = load_img(rgb_);
  EXPECT_EQ(image.spec(), (graph::Spec{graph::uint8, {5, 7, 3}}));
  EXPECT_EQ(pixels(image), pixels(image_));
}

TEST_F(LoadImg, EveryKindOfFileInEveryColorMode) {
  EXPECT_THAT(pixels(load_img(grey_)), ElementsAre(1, 1, 1, 200, 200, 200));
  EXPECT_THAT(pixels(load_img(grey_, {.color_mode = "grayscale"})), ElementsAre(1, 200));
  EXPECT_EQ(load_img(grey_, {.color_mode = "grayscale"}).shape(), Shape({1, 2, 1}));
  EXPECT_THAT(pixels(load_img(grey_, {.color_mode = "rgba"})), ElementsAre(1, 1, 1, 255, 200, 200, 200, 255));
  EXPECT_THAT(pixels(load_img(rgba_, {.color_mode = "rgba"})), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT(pixels(load_img(rgba_, {.color_mode = "rgb"})), ElementsAre(10, 20, 30));
  EXPECT_THAT(pixels(load_img(rgba_, {.color_mode = "grayscale"})), ElementsAre(18));  // 2.99 + 11.74 + 3.42
  EXPECT_EQ(load_img(rgb_, {.color_mode = "rgba"}).shape(), Shape({5, 7, 4}));
}

// cv2.cvtColor(cv2.resize(image, (3, 2)), cv2.COLOR_BGR2GRAY) of OpenCV 4.11.
TEST_F(LoadImg, BilinearGreyIsThatOfCv2) {
  const Array grey = load_img(rgb_, {.color_mode = "grayscale", .target_size = {2, 3}, .interpolation = "bilinear"});
  EXPECT_EQ(grey.shape(), Shape({2, 3, 1}));
  EXPECT_THAT(pixels(grey), ElementsAre(135, 133, 150, 136, 165, 154));
}

// keras.utils.load_img of Keras 3.15 on Pillow 13.
TEST_F(LoadImg, GreyIsThatOfKeras) {
  EXPECT_THAT(pixels(load_img(rgb_, {.color_mode = "grayscale"})),
              ElementsAre(82, 112, 171, 80, 139, 121, 151, 119, 160, 80, 150, 114, 184, 104, 127, 58, 139, 114, 195,
                          126, 130, 164, 106, 121, 184, 126, 112, 204, 201, 154, 151, 104, 130, 204, 157));
  EXPECT_THAT(
      pixels(load_img(
          rgb_, {.color_mode = "grayscale", .target_size = {2, 3}, .interpolation = "bilinear", .antialias = true})),
      ElementsAre(117, 128, 140, 136, 138, 154));
}

TEST_F(LoadImg, GreyOf16BitsKeepsItsValues) {
  // 1 255 256 65535
  tests::write_text(folder_ / "deep.png",
                    tests::from_hex("89504e470d0a1a0a0000000d49484452000000040000000110000000008cc78c52"
                                    "0000000f49444154789c63606064f80f44ff01080c030051d1abfa0000000049454e44ae426082"));
  const Array deep = load_img(folder_ / "deep.png", {.color_mode = "grayscale"});
  EXPECT_TRUE(array_equal(deep, Array{1, 255, 256, 65535}.reshape({1, 4, 1})));
  EXPECT_EQ(deep.dtype(), graph::int32);
  EXPECT_EQ(load_img(folder_ / "deep.png").dtype(), graph::uint8);
  const LoadImgConfig half{.color_mode = "grayscale", .target_size = {1, 2}, .interpolation = "bilinear"};
  EXPECT_EQ(load_img(folder_ / "deep.png", half).dtype(), graph::int32);
}

TEST_F(LoadImg, NearestIsTheDefault) {
  const auto nearest = pixels(load_img(rgb_, {.target_size = {3, 4}}));
  ASSERT_EQ(nearest.size(), 36u);
  EXPECT_THAT((std::vector{nearest[0], nearest[3], nearest[6], nearest[9], nearest[33]}),
              ElementsAre(0, 118, 236, 98, 254));
  for (const char* name : {"bilinear", "bicubic", "hamming", "box", "lanczos"})
    EXPECT_NE(pixels(load_img(rgb_, {.target_size = {3, 4}, .interpolation = name})), nearest) << name;
}

TEST_F(LoadImg, KeepsTheAspectRatioByCutting) {
  // The middle 5 x 5 of 5 x 7.
  const auto cut = pixels(load_img(rgb_, {.target_size = {5, 5}, .keep_aspect_ratio = true}));
  EXPECT_EQ((std::vector{cut[0], cut[1], cut[2]}), (std::vector{59, 160, 5}));
  EXPECT_EQ(cut.back(), (37 * 4 + 59 * 5 + 101 * 2 + 11 * 20) % 256);
  // What lies beside it counts, as in Keras.
  EXPECT_THAT(
      pixels(load_img(
          rgb_,
          {.color_mode = "grayscale", .target_size = {4, 4}, .interpolation = "bicubic", .keep_aspect_ratio = true})),
      ElementsAre(131, 128, 113, 137, 114, 113, 145, 159, 91, 142, 160, 123, 150, 136, 121, 175));
}

TEST_F(LoadImg, NamesWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([&] { load_img(rgb_, {.color_mode = "bgr"}); }),
            "load_img: unknown color_mode 'bgr'; known are grayscale, rgb, rgba");
  EXPECT_EQ(error_text<ValueError>([&] { load_img(rgb_, {.interpolation = "cubic"}); }),
            "load_img: unknown interpolation 'cubic'; known are nearest, bilinear, bicubic, hamming, box, lanczos");
  EXPECT_EQ(error_text<ValueError>([&] { load_img(rgb_, {.target_size = {28}}); }),
            "load_img: target_size must be {height, width}, two positive lengths, got (28,)");
  EXPECT_THAT(error_text<ValueError>([&] { load_img(rgb_, {.target_size = {0, 5}}); }), HasSubstr("got (0, 5)"));
  EXPECT_THAT(error_text<IoError>([&] { load_img(folder_ / "none.png"); }),
              HasSubstr("none.png] cannot read: No such file or directory"));
  tests::write_text(folder_ / "text.png", "text");
  EXPECT_THAT(error_text<FormatError>([&] { load_img(folder_ / "text.png"); }),
              HasSubstr("text.png] neither a PNG nor a JPEG image"));
}

}  // namespace
}  // namespace cornu::keras::utils
