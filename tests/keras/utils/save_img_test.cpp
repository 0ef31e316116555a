#include "cornu/keras/utils/save_img.h"

#include <gmock/gmock.h>

#include <limits>

#include "cornu/keras/utils/load_img.h"
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

TEST(SaveImg, ScalesAsKerasDoes) {
  const Array x = Array{-1.f, 0.f, 1.f}.reshape({1, 3, 1});
  EXPECT_THAT(pixels(array_to_img(x)), ElementsAre(0, 127, 255));
  EXPECT_THAT(pixels(array_to_img(Array{3.f, 3.f, 3.f}.reshape({1, 3, 1}))), ElementsAre(0, 0, 0));
  EXPECT_THAT(pixels(array_to_img(Array{0.f, 12.9f, 255.f}.reshape({1, 1, 3}), false)), ElementsAre(0, 12, 255));
}

TEST(SaveImg, WritesWhatLoadImgReads) {
  TemporaryFolder folder;
  const Array x = Array{1.f, 2.f, 3.f, 250.f, 251.f, 252.f}.reshape({2, 1, 3});
  save_img(folder / "x.png", x, {.scale = false});
  EXPECT_TRUE(array_equal(img_to_array(load_img(folder / "x.png")), x));
}

TEST(ImgToArray, GivesFloatingNumbersWithChannels) {
  const Array x = img_to_array(Array({{std::uint8_t{1}, std::uint8_t{2}}}));
  EXPECT_EQ(x.spec(), (graph::Spec{graph::float32, {1, 2, 1}}));
  EXPECT_THAT(error_text<ShapeError>([] { img_to_array(Array{1.f}); }),
              HasSubstr("img_to_array: expected an image of shape"));
}

TEST(SaveImg, NamesWhatIsWrong) {
  EXPECT_THAT(error_text<ShapeError>([] {
                array_to_img(graph::zeros({2, 2}));
              }),
              HasSubstr("with 1, 3 or 4 channels, got (2, 2)"));
  EXPECT_THAT(error_text<ValueError>([] {
                array_to_img(Array{256.f}.reshape({1, 1, 1}), false);
              }),
              HasSubstr("values must lie in 0 to 255, got 256 to 256"));
  EXPECT_THAT(error_text<ValueError>([] {
                array_to_img(Array{std::numeric_limits<float>::quiet_NaN()}.reshape({1, 1, 1}));
              }),
              HasSubstr("nan cannot be a pixel"));
  EXPECT_THAT(error_text<ValueError>([] {
                save_img("x.jpg", graph::zeros({1, 1, 1}));
              }),
              HasSubstr("save_img: [x.jpg] only PNG files can be written"));
}

}  // namespace
}  // namespace cornu::keras::utils
