#include "cornu/ops/image/resize.h"

#include <gtest/gtest.h>

#include "cornu/ops/native/resample.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {
namespace {

using ops::image::resize;
using ops::image::ResizeConfig;

// Of one channel.
Array resized(const Array& x, std::array<std::int64_t, 2> size, const ResizeConfig& config) {
  const Array picture = x.reshape({x.shape()[0], x.shape()[1], 1});
  const Array y = interpret({resize(input(0, picture.shape(), x.dtype()), size, config)}, {picture})[0];
  return y.reshape({size[0], size[1]});
}

const bool errors = register_errors([] {
  const Tensor x = input(0, {2, 3, 4, 1});
  return std::vector<OpError>{
      {"resize", "expected interpolation 'nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5' or 'area', got ''",
       [=] {
         resize(x, {2, 2}, {.interpolation = ""});
       }},
      {"resize", "expected a size of at least (1, 1), got (2, 0)",
       [=] {
         resize(x, {2, 0});
       }},
      {"resize", "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other",
       [=] {
         resize(x, {2, 2}, {.crop_to_aspect_ratio = true, .pad_to_aspect_ratio = true});
       }},
      {"resize", "expected fill_mode 'constant', got 'edge'",
       [=] {
         resize(x, {2, 2}, {.fill_mode = "edge"});
       }},
      {"resize", "expected data_format 'channels_last' or 'channels_first', got 'NHWC'",
       [=] {
         resize(x, {2, 2}, {.data_format = "NHWC"});
       }},
      {"resize", "expected pictures of three axes, or four with a batch, got shape (2, 3)",
       [] {
         resize(input(0, {2, 3}), {2, 2});
       }},
      {"resize", "expected pictures with pixels, got shape (0, 3, 1)",
       [] {
         resize(input(0, {0, 3, 1}), {2, 2});
       }},
  };
});

TEST(Resize, IsOneAxisAfterTheOther) {
  const Array a = uniform({2, 5, 4, 3});
  const Tensor x = input(0, a.shape());
  for (const std::array<std::int64_t, 2> size : {std::array<std::int64_t, 2>{8, 3}, {2, 7}}) {
    const ops::ResampleConfig one{.interpolation = "lanczos3", .antialias = true};
    const auto y = interpret({resize(x, size, {.interpolation = "lanczos3", .antialias = true}),
                              ops::resample(ops::resample(x, 1, size[0], one), 2, size[1], one)},
                             {a});
    EXPECT_TRUE(allclose(y[0], y[1], 1e-5, 1e-6));
  }
}

TEST(Resize, ChannelsFirstAndSinglePictures) {
  const Array a = uniform({2, 5, 4, 3});
  const Tensor x = input(0, a.shape()), first = input(0, {2, 3, 5, 4}), single = input(0, {5, 4, 3});
  const Array y = interpret({resize(x, {3, 6})}, {a})[0];
  EXPECT_EQ(y.shape(), (Shape{2, 3, 6, 3}));
  EXPECT_TRUE(
      array_equal(interpret({resize(first, {3, 6}, {.data_format = "channels_first"})}, {a.transpose({0, 3, 1, 2})})[0],
                  y.transpose({0, 3, 1, 2})));
  EXPECT_TRUE(array_equal(interpret({resize(single, {3, 6})}, {a[1]})[0], y[1]));
}

TEST(Resize, KeepsTheAspectRatioAsKeras) {
  const ResizeConfig cut{.interpolation = "nearest", .crop_to_aspect_ratio = true};
  EXPECT_TRUE(
      array_equal(resized(graph::arange(0, 6).reshape({2, 3}), {4, 4}, cut),
                  Array{{0.f, 0.f, 1.f, 1.f}, {0.f, 0.f, 1.f, 1.f}, {3.f, 3.f, 4.f, 4.f}, {3.f, 3.f, 4.f, 4.f}}));
  const Array x = graph::arange(0, 15).reshape({3, 5});
  EXPECT_TRUE(allclose(resized(x, {4, 4}, {.crop_to_aspect_ratio = true}), Array{{1.f, 1.625f, 2.375f, 3.f},
                                                                                 {4.125f, 4.75f, 5.5f, 6.125f},
                                                                                 {7.875f, 8.5f, 9.25f, 9.875f},
                                                                                 {11.f, 11.625f, 12.375f, 13.f}}));
  EXPECT_TRUE(allclose(resized(x, {4, 4}, {.pad_to_aspect_ratio = true, .fill_value = 9}),
                       Array{{7.890625f, 8.046875f, 8.203125f, 8.359375f},
                             {2.f, 3.25f, 4.5f, 5.75f},
                             {8.25f, 9.5f, 10.75f, 12.f},
                             {9.140625f, 9.296875f, 9.453125f, 9.609375f}}));
}

TEST(Resize, WholeNumbersAreRoundedAndStayInTheirDtype) {
  const Array x = numbers({1, 4}, {10, 200, 255, 0}, graph::uint8);
  EXPECT_TRUE(array_equal(resized(x, {1, 8}, {.interpolation = "bicubic"}),
                          numbers({1, 8}, {0, 45, 154, 231, 255, 202, 50, 0}, graph::uint8)));
  EXPECT_TRUE(array_equal(resized(x, {1, 8}, {.interpolation = "lanczos3"}),
                          numbers({1, 8}, {0, 42, 139, 255, 255, 190, 50, 0}, graph::uint8)));
  const Array large = numbers({1, 2}, {2147483647, -2147483648.}, graph::int32);
  const Array y = resized(large, {1, 3}, {.interpolation = "bicubic"});
  EXPECT_GT(y.at<std::int32_t>({0, 0}), 2147483000);
  EXPECT_EQ(y.at<std::int32_t>({0, 2}), -2147483647 - 1);
  EXPECT_EQ(resized(numbers({1, 2}, {1, 0}, graph::bool_), {2, 2}, {.interpolation = "nearest"}).dtype(), graph::bool_);
}

TEST(Resize, ToTheSameSizeIsTheTensorItself) {
  const Tensor x = input(0, {2, 3, 4, 1});
  EXPECT_TRUE(resize(x, {3, 4}, {.interpolation = "bicubic"}).same(x));
}

}  // namespace
}  // namespace cornu::tests
