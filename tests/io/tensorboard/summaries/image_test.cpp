#include "cornu/io/tensorboard/summaries/image.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/io/image/image.h"
#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using testing::ElementsAre;
using tests::error_text;

Array decoded(const std::string& png) {
  tests::TemporaryFolder folder;
  tests::write_text(folder / "x.png", png);
  return image::read(folder / "x.png");
}

std::vector<int> bytes_of(const std::string& png) {
  const Array a = decoded(png);
  return {a.data<std::uint8_t>(), a.data<std::uint8_t>() + a.size()};
}

TEST(ImageSummary, HasWidthHeightAndOnePngEach) {
  Array images(Shape{2, 3, 4, 3}, graph::uint8);
  for (int i = 0; i < images.size(); ++i) images.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i);
  const Summary s = image("photos", images);
  EXPECT_EQ(s.plugin, "images");
  EXPECT_EQ(s.content, "");
  EXPECT_EQ(s.data_class, DataClass::blob_sequence);
  EXPECT_EQ(s.shape, Shape{4});
  ASSERT_EQ(s.strings.size(), 4u);
  EXPECT_EQ(s.strings[0], "4");
  EXPECT_EQ(s.strings[1], "3");
  EXPECT_TRUE(array_equal(decoded(s.strings[2]), images[0]));
  EXPECT_TRUE(array_equal(decoded(s.strings[3]), images[1]));
}

TEST(ImageSummary, TakesOneImageWithOrWithoutChannels) {
  const Array grey = Array{{0, 255}, {1, 2}}.astype(graph::uint8);
  EXPECT_TRUE(array_equal(decoded(image("x", grey).strings.at(2)), grey.reshape({2, 2, 1})));
  const Array rgba = graph::zeros({5, 1, 4}, graph::uint8);
  EXPECT_THAT(image("x", rgba).strings, testing::SizeIs(3));
  EXPECT_EQ(decoded(image("x", rgba).strings.at(2)).shape(), rgba.shape());
  EXPECT_EQ(image("x", rgba).strings[0], "1");
  EXPECT_EQ(image("x", rgba).strings[1], "5");
}

TEST(ImageSummary, ClipsAndRoundsFloatsAsTensorFlow) {
  const Array values = Array{{0.f, 0.5f, 1.f, -3.f, 7.f, 100.f / 255, NAN, INFINITY, -INFINITY}};
  const std::vector<int> expected{0, 127, 255, 0, 255, 100, 0, 255, 0};
  EXPECT_EQ(bytes_of(image("x", values).strings.at(2)), expected);
  EXPECT_EQ(bytes_of(image("x", values.astype(graph::float64)).strings.at(2)), expected);
}

TEST(ImageSummary, RescalesEachImageByItself) {
  const Array values = Array{-0.1f, 0.f, 0.1f, NAN, 5.f, 5.f, 6.f, INFINITY}.reshape({2, 1, 4, 1});
  const Summary s = image("x", values, {.rescale = true});
  EXPECT_THAT(bytes_of(s.strings.at(2)), ElementsAre(0, 127, 255, 0));
  EXPECT_THAT(bytes_of(s.strings.at(3)), ElementsAre(0, 0, 255, 255));
  const Array wide = Array{{-1.7e308, 1.7e308, 0.}};
  EXPECT_THAT(bytes_of(image("x", wide, {.rescale = true}).strings.at(2)), ElementsAre(0, 255, 127));
  EXPECT_THAT(bytes_of(image("x", graph::full({1, 2}, 0.3), {.rescale = true}).strings.at(2)), ElementsAre(0, 0));
  EXPECT_THAT(bytes_of(image("x", graph::full({1, 2}, NAN), {.rescale = true}).strings.at(2)), ElementsAre(0, 0));
  EXPECT_THAT(bytes_of(image("x", Array{{10, 12}}.astype(graph::uint8), {.rescale = true}).strings.at(2)),
              ElementsAre(0, 255));
}

TEST(ImageSummary, WritesAtMostSoMany) {
  const Array images = graph::zeros({5, 2, 2, 1});
  EXPECT_EQ(image("x", images).shape, Shape{5});
  EXPECT_EQ(image("x", images, {.max_outputs = 1}).shape, Shape{3});
  EXPECT_EQ(image("x", images, {.max_outputs = 9}).shape, Shape{7});
  EXPECT_EQ(error_text<ValueError>([&] { image("x", images, {.max_outputs = 0}); }),
            "[image \"x\"] max_outputs must be positive, got 0");
}

TEST(ImageSummary, RefusesOtherShapesAndDtypes) {
  const std::string shapes =
      "[image \"x\"] needs images of shape (height, width), (height, width, channels) or (images, height, width, "
      "channels) with 1, 3 or 4 "
      "channels, got ";
  EXPECT_EQ(error_text<ShapeError>([] { image("x", graph::zeros({5, 28, 28})); }), shapes + "(5, 28, 28)");
  EXPECT_EQ(error_text<ShapeError>([] { image("x", graph::zeros({28})); }), shapes + "(28,)");
  EXPECT_EQ(error_text<ShapeError>([] { image("x", graph::zeros({0, 28, 28, 1})); }), shapes + "(0, 28, 28, 1)");
  EXPECT_EQ(error_text<TypeError>([] {
              image("x", graph::zeros({2, 2}, graph::int32));
            }),
            "[image \"x\"] needs images of dtype uint8 or a floating one, got int32");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries
