#include "cornu/io/tensorboard/weight_images.h"

#include <gtest/gtest.h>

namespace cornu::io::tensorboard {
namespace {

using graph::Array;
using graph::Shape;

TEST(WeightImages, OfABiasIsARow) {
  const Array bias{1.f, 2.f, 3.f, 4.f, 5.f};
  EXPECT_TRUE(array_equal(*weight_images(bias), bias.reshape({1, 1, 5, 1})));
  EXPECT_TRUE(array_equal(*weight_images(bias.reshape({1, 5, 1})), bias.reshape({1, 1, 5, 1})));
}

TEST(WeightImages, OfALongBiasAndAFlatKernelAreHighEnoughToSee) {
  const Array bias = graph::arange(0, 32), image = weight_images(bias).value();
  ASSERT_EQ(image.shape(), (Shape{1, 4, 32, 1}));
  for (const Array& row : image[0]) EXPECT_TRUE(array_equal(row.flatten(), bias));
  const Array kernel = graph::arange(0, 66, 1, graph::float64).reshape({2, 33}),
              stripes = weight_images(kernel.transpose()).value();
  ASSERT_EQ(stripes.shape(), (Shape{1, 4, 33, 1}));
  EXPECT_EQ(stripes.dtype(), graph::float64);
  for (const int row : {0, 1}) EXPECT_TRUE(array_equal(stripes[0][row].flatten(), kernel[0]));
  for (const int row : {2, 3}) EXPECT_TRUE(array_equal(stripes[0][row].flatten(), kernel[1]));
}

TEST(WeightImages, OfAKernelIsAsWideAsHighOrWider) {
  const Array kernel{{1.f, 2.f}, {3.f, 4.f}, {5.f, 6.f}};
  const Array image = weight_images(kernel).value();
  EXPECT_EQ(image.shape(), (Shape{1, 2, 3, 1}));
  EXPECT_TRUE(array_equal(image.reshape({2, 3}), Array{{1.f, 3.f, 5.f}, {2.f, 4.f, 6.f}}));
  EXPECT_TRUE(array_equal(weight_images(kernel.transpose())->reshape({2, 3}), kernel.transpose()));
}

TEST(WeightImages, OfAConvolutionIsOneForEachKernel) {
  const Array kernel = graph::arange(0, 12).reshape({2, 3, 1, 2});
  const Array images = weight_images(kernel).value();
  EXPECT_EQ(images.shape(), (Shape{2, 2, 3, 1}));
  EXPECT_TRUE(array_equal(images[1].flatten(), Array{1.f, 3.f, 5.f, 7.f, 9.f, 11.f})) << images[1];
  EXPECT_EQ(weight_images(graph::zeros({3, 3, 8, 3}))->shape(), (Shape{3, 3, 8, 3}));
  EXPECT_EQ(weight_images(graph::zeros({3, 3, 8, 4}, graph::bfloat16))->shape(), (Shape{3, 3, 8, 4}));
}

TEST(WeightImages, IsNothingForOtherShapes) {
  EXPECT_FALSE(weight_images(graph::zeros({3, 3, 8, 16})));
  EXPECT_FALSE(weight_images(graph::zeros({2, 2, 2, 2, 3})));
  EXPECT_FALSE(weight_images(graph::zeros({})));
  EXPECT_FALSE(weight_images(graph::zeros({1, 1})));
  EXPECT_FALSE(weight_images(graph::zeros({0, 4})));
  EXPECT_FALSE(weight_images(graph::zeros({4}, graph::int64)));
}

}  // namespace
}  // namespace cornu::io::tensorboard
