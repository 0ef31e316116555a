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

TEST(WeightImages, OfAConvolutionAreAllItsKernels) {
  const Array kernel = graph::arange(0, 12).reshape({2, 3, 1, 2});
  const Array image = weight_images(kernel).value();
  EXPECT_TRUE(array_equal(image.reshape({2, 7}),
                          Array{{0.f, 2.f, 4.f, 0.f, 1.f, 3.f, 5.f}, {6.f, 8.f, 10.f, 0.f, 7.f, 9.f, 11.f}}))
      << image;
  EXPECT_EQ(image.shape(), (Shape{1, 2, 7, 1}));
  EXPECT_TRUE(array_equal(*weight_images(kernel.reshape({2, 3, 2, 1})), image)) << "of one kernel for each input";
  EXPECT_EQ(weight_images(graph::zeros({3, 3, 3, 16}))->shape(), (Shape{1, 15, 15, 3})) << "in colours";
  EXPECT_EQ(weight_images(graph::zeros({3, 3, 2, 5}, graph::bfloat16))->shape(), (Shape{1, 7, 19, 1}));
  EXPECT_EQ(weight_images(graph::zeros({3, 1, 64, 128}))->shape(), (Shape{1, 32 * 4 - 1, 64 * 2 - 1, 1}));
}

TEST(WeightImages, OfAConvolutionOverOneAxisIsOneForEachKernel) {
  EXPECT_EQ(weight_images(graph::zeros({3, 8, 5}))->shape(), (Shape{5, 3, 8, 1}));
}

TEST(WeightImages, IsNothingForOtherShapes) {
  EXPECT_FALSE(weight_images(graph::zeros({2, 2, 2, 2, 3})));
  EXPECT_FALSE(weight_images(graph::zeros({})));
  EXPECT_FALSE(weight_images(graph::zeros({1, 1})));
  EXPECT_FALSE(weight_images(graph::zeros({0, 4})));
  EXPECT_FALSE(weight_images(graph::zeros({4}, graph::int64)));
}

}  // namespace
}  // namespace cornu::io::tensorboard
