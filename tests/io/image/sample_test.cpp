#include "cornu/io/image/sample.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::image {
namespace {

using namespace graph;
using testing::HasSubstr;
using tests::error_text;

const Array kPixels =
    Array{{0, 37, 74, 111}, {148, 185, 222, 3}, {40, 77, 114, 151}, {188, 225, 6, 43}, {80, 117, 154, 191}}
        .reshape({5, 4, 1})
        .astype(uint8);

// What tf.image.resize of TensorFlow 2.21 gives: the first rows, and the sum of all.
struct Expected {
  const char* method;
  std::vector<std::vector<float>> smaller, larger;  // of (3, 3) and (7, 6)
  double sums[2];
};
const Expected kExpected[] = {
    {"nearest", {{0, 74, 111}, {40, 114, 151}}, {{0, 37, 37, 74, 111, 111}, {148, 185, 185, 222, 3, 3}}, {915, 4782}},
    {"bilinear",
     {{55.5f, 104.8333f, 83.0556f}, {46.1667f, 95.5f, 144.8333f}},
     {{0, 18.5f, 43.1667f, 67.8333f, 92.5f, 111}, {84.5714f, 103.0714f, 127.7381f, 152.4048f, 103.9286f, 49.2857f}},
     {916.389, 4504.714}},
    {"bicubic",
     {{48.308f, 104.953f, 81.3852f}, {43.814f, 95.5f, 147.186f}},
     {{-11.0457f, 6.6275f, 34.398f, 58.3508f, 95.0394f, 120.7003f},
      {87.5294f, 105.2025f, 135.0068f, 167.0713f, 100.9107f, 32.6305f}},
     {913.182, 4527.646}},
    {"area",
     {{68.45f, 114.7f, 84.15f}, {100.45f, 121.1f, 103.35f}},
     {{0, 18.5f, 37, 74, 92.5f, 111}, {88.8f, 107.3f, 125.8f, 162.8f, 104.5f, 46.2f}},
     {974.7, 4548.6}},
    {"lanczos3",
     {{52.5408f, 116.1078f, 77.0049f}, {43.1744f, 95.5f, 147.8256f}},
     {{-16.9476f, -0.2502f, 28.3769f, 49.3338f, 97.5011f, 128.2312f},
      {91.6641f, 105.0178f, 144.6736f, 172.9887f, 94.1212f, 22.3577f}},
     {928.33, 4531.634}},
    {"lanczos5",
     {{59.1352f, 123.8797f, 68.994f}, {44.6276f, 95.5f, 146.3724f}},
     {{-24.5593f, -2.1416f, 21.9191f, 48.2219f, 98.4574f, 135.8627f},
      {100.5268f, 106.8237f, 153.9568f, 172.7561f, 84.2136f, 12.8226f}},
     {944.83, 4531.783}},
    {"gaussian",
     {{57.9266f, 105.7081f, 84.7601f}, {74.9843f, 109.1329f, 121.7036f}},
     {{12.9119f, 29.008f, 52.8957f, 78.173f, 93.92f, 102.109f},
      {86.2932f, 102.3893f, 126.277f, 144.9879f, 104.3112f, 57.6949f}},
     {940.361, 4561.737}},
    {"mitchellcubic",
     {{54.5443f, 107.1281f, 82.3644f}, {60.2185f, 103.105f, 133.1512f}},
     {{-0.2858f, 16.6376f, 43.1667f, 67.8334f, 94.3624f, 111.2858f},
      {86.3896f, 103.3131f, 130.9785f, 155.4885f, 102.3011f, 44.4234f}},
     {929.561, 4539.232}},
};

TEST(SampleTest, GivesTensorFlowsNumbers) {
  // TensorFlow's bicubic takes weights from a table of 1,024 places.
  constexpr double kBound = 0.12;
  for (const Expected& e : kExpected) {
    const Array smaller = sample(kPixels, 3, 3, sampling_of(e.method)),
                larger = sample(kPixels, 7, 6, sampling_of(e.method));
    EXPECT_EQ(larger.spec(), (Spec{float32, {7, 6, 1}}));
    EXPECT_TRUE(allclose(smaller.slice(0, 2).reshape({2, 3}), Array(e.smaller), 0, kBound)) << e.method << smaller;
    EXPECT_TRUE(allclose(larger.slice(0, 2).reshape({2, 6}), Array(e.larger), 0, kBound)) << e.method << larger;
    EXPECT_NEAR(sum(smaller).item<double>(), e.sums[0], 1) << e.method;
    EXPECT_NEAR(sum(larger).item<double>(), e.sums[1], 1) << e.method;
  }
}

TEST(SampleTest, TakesChannelsAndDtypes) {
  const Array three = concatenate({kPixels, kPixels, kPixels}, 2);
  const Array y = sample(three, 2, 3, Sampling::bilinear), one = sample(kPixels, 2, 3, Sampling::bilinear);
  for (std::int64_t c = 0; c < 3; ++c) EXPECT_TRUE(array_equal(y.slice(c, c + 1, 1, 2), one));
  EXPECT_TRUE(array_equal(sample(kPixels.astype(float32), 2, 3, Sampling::bilinear), one));
  EXPECT_TRUE(array_equal(sample(kPixels.astype(int32), 2, 3, Sampling::bilinear), one));
  EXPECT_TRUE(array_equal(sample(kPixels, 5, 4, Sampling::bicubic), kPixels.astype(float32)));
}

TEST(SampleTest, NamesWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { sampling_of("cubic"); }),
            "unknown interpolation 'cubic'; known are nearest, bilinear, bicubic, area, lanczos3, lanczos5, gaussian, "
            "mitchellcubic");
  EXPECT_THAT(error_text<ShapeError>([] {
                sample(zeros({2, 2}), 1, 1, Sampling::area);
              }),
              HasSubstr("got shape (2, 2)"));
  EXPECT_THAT(error_text<TypeError>([] { sample(kPixels.astype(float64), 1, 1, Sampling::area); }),
              HasSubstr("got float64"));
  EXPECT_THAT(error_text<ValueError>([] { sample(kPixels, 0, 1, Sampling::area); }), HasSubstr("got 0 and 1"));
}

}  // namespace
}  // namespace cornu::io::image
