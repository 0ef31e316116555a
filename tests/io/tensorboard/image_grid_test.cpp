#include "cornu/io/tensorboard/image_grid.h"

#include <gtest/gtest.h>

namespace cornu::io::tensorboard {
namespace {

using graph::Array;
using graph::Shape;

TEST(ImageGrid, LaysImagesInRowsWithLinesBetween) {
  const Array images{{{1.f, 2.f}}, {{3.f, 4.f}}, {{5.f, 6.f}}};  // three of 1 x 2
  EXPECT_TRUE(array_equal(image_grid(images).reshape({3, 5}),
                          Array{{1.f, 2.f, 1.f, 3.f, 4.f}, {1.f, 1.f, 1.f, 1.f, 1.f}, {5.f, 6.f, 1.f, 1.f, 1.f}}));
  EXPECT_EQ(image_grid(images, {.columns = 1}).shape(), (Shape{5, 2, 1}));
  EXPECT_EQ(image_grid(images, {.columns = 9}).shape(), (Shape{1, 8, 1}));
  EXPECT_EQ(image_grid(graph::zeros({4, 2, 3, 3})).shape(), (Shape{5, 7, 3}));
}

TEST(ImageGrid, RescalesEachByItself) {
  const Array images{{{1.f, 3.f}}, {{-8.f, -6.f}}, {{7.f, 7.f}}};
  EXPECT_TRUE(array_equal(image_grid(images, {.columns = 3, .rescale = true}).flatten(),
                          Array{0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f}));
}

TEST(ImageGrid, SaysWhatItTakes) {
  EXPECT_THROW(image_grid(graph::zeros({2, 3})), graph::ShapeError);
  EXPECT_THROW(image_grid(graph::zeros({0, 3, 3})), graph::ShapeError);
  EXPECT_THROW(image_grid(graph::zeros({2, 3, 3}, graph::uint8)), graph::TypeError);
}

}  // namespace
}  // namespace cornu::io::tensorboard
