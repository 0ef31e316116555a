#include "cornu/io/tensorboard/internal/sprite.h"

#include <gtest/gtest.h>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::internal {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using tests::error_text;

TEST(Sprite, IsASquareGridRowByRow) {
  const Array images = graph::arange(1, 11, 1, graph::uint8).reshape({5, 1, 2});
  const Sprite s = sprite("x", images);
  EXPECT_EQ(s.height, 1);
  EXPECT_EQ(s.width, 2);
  const Array expected = Array{{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 0, 0}, {0, 0, 0, 0, 0, 0}}.astype(graph::uint8);
  EXPECT_EQ(s.picture.shape(), (Shape{3, 6, 1}));
  EXPECT_TRUE(array_equal(s.picture.reshape({3, 6}), expected)) << s.picture;
}

TEST(Sprite, KeepsColors) {
  const Array images = graph::arange(0, 48).reshape({4, 2, 2, 3}) / 255;
  const Sprite s = sprite("x", images);
  EXPECT_EQ(s.picture.shape(), (Shape{4, 4, 3}));
  const auto* p = s.picture.data<std::uint8_t>();
  EXPECT_EQ(p[0], 0);           // first image, first pixel, red
  EXPECT_EQ(p[2 * 3 + 1], 13);  // second image, first pixel, green
  EXPECT_EQ(p[(3 * 4 + 3) * 3 + 2], 47);
}

TEST(Sprite, MakesImagesSmallerThatWouldNotFit) {
  Array images = graph::full({4, 5000, 2}, 9, graph::uint8);
  const Sprite s = sprite("x", images);
  EXPECT_EQ(s.height, 4096);
  EXPECT_EQ(s.width, 2);
  EXPECT_EQ(s.picture.shape(), (Shape{8192, 4, 1}));
  EXPECT_EQ(s.picture.data<std::uint8_t>()[0], 9);
  const Sprite many = sprite("x", graph::full({9901, 100, 25}, 7, graph::uint8));  // a grid of 100, 81 pixels each
  EXPECT_EQ(many.height, 81);
  EXPECT_EQ(many.width, 20);
  EXPECT_EQ(many.picture.shape(), (Shape{8100, 2000, 1}));
  EXPECT_EQ(many.picture.data<std::uint8_t>()[8099 * 2000], 7);
  EXPECT_EQ(many.picture.data<std::uint8_t>()[8099 * 2000 + 20], 0);
}

TEST(Sprite, RefusesOtherShapes) {
  EXPECT_EQ(error_text<ShapeError>([] {
              sprite("x", graph::zeros({4, 4}));
            }),
            "x needs images of shape (points, height, width) or (points, height, width, channels), got (4, 4)");
  EXPECT_EQ(error_text<ShapeError>([] {
              sprite("x", graph::zeros({4, 4, 4, 2}));
            }),
            "x needs images of shape (height, width), (height, width, channels) or (images, height, width, channels) "
            "with 1, 3 or 4 channels, got (4, 4, 4, 2)");
  EXPECT_EQ(error_text<TypeError>([] {
              sprite("x", graph::zeros({4, 4, 4}, graph::int64));
            }),
            "x needs images of dtype uint8 or a floating one, got int64");
  std::uint8_t byte = 0;
  const Array many = Array::borrow(&byte, {graph::uint8, {8193ll * 8193, 1, 1}});
  EXPECT_EQ(error_text<ShapeError>([&] { sprite("x", many); }),
            "x has more images than a picture of 8192 x 8192 pixels can show: 67125249");
}

}  // namespace
}  // namespace cornu::io::tensorboard::internal
