#include "cornu/keras/metrics/iou.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/metrics/update.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::metrics {
namespace {

using tests::error_text;
using tests::updated;

const bool samples = tests::register_keras_samples([] {
  const Array t{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, p{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}};
  const std::string base = R"("name": "n", "dtype": "float32")", one_hot = R"("ignore_class": 0, "sparse_y_pred": )";
  return tests::KerasSamples{
      {"metric", "IoU",
       "{" + base + R"(, "num_classes": 3, "target_class_ids": [1, 2], "ignore_class": 0, "sparse_y_true": false,
        "sparse_y_pred": false, "axis": 1})",
       true, t, p},
      {"metric", "MeanIoU",
       "{" + base + R"(, "num_classes": 3, "ignore_class": 0, "sparse_y_true": false, "sparse_y_pred": false,
        "axis": 1})",
       true, t, p},
      {"metric", "OneHotIoU",
       "{" + base + R"(, "num_classes": 3, "target_class_ids": [1, 2], )" + one_hot + R"(true, "axis": 1})", true, t,
       Array{1.f, 0.f}},
      {"metric", "OneHotMeanIoU", "{" + base + R"(, "num_classes": 3, )" + one_hot + R"(true, "axis": 1})", true, t,
       Array{1.f, 0.f}},
      {"metric", "BinaryIoU", "{" + base + R"(, "target_class_ids": [1], "threshold": 0.25})", true, Array{0.f, 1.f},
       Array{0.6f, 0.7f}}};
});

const Array kTrue{0, 0, 1, 1}, kPred{0, 1, 0, 1};

// The examples of Keras' documentation, which gives these results.
TEST(IoUTest, AreThoseOfKerasExamples) {
  const Array weights{0.3f, 0.3f, 0.3f, 0.1f};
  EXPECT_NEAR(updated(IoU(2, {.target_class_ids = {0}}), kTrue, kPred).item<float>(), 1. / 3, 1e-5);
  EXPECT_NEAR(updated(IoU({.num_classes = 2, .target_class_ids = {0}, .dtype = "float32"}), kTrue, kPred, weights)
                  .item<float>(),
              1. / 3, 1e-5);
  EXPECT_NEAR(updated(MeanIoU(2), kTrue, kPred).item<float>(), 1. / 3, 1e-5);
  EXPECT_NEAR(updated(MeanIoU(2, {.dtype = "float32"}), kTrue, kPred, weights).item<float>(), 0.23809525, 1e-5);
  const Array t{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {1, 0, 0}};
  const Array p{{0.2f, 0.3f, 0.5f}, {0.1f, 0.2f, 0.7f}, {0.5f, 0.3f, 0.1f}, {0.1f, 0.4f, 0.5f}};
  const Array four{0.1f, 0.2f, 0.3f, 0.4f};
  EXPECT_NEAR(
      updated(OneHotIoU({.num_classes = 3, .target_class_ids = {0, 2}, .dtype = "float32"}), t, p, four).item<float>(),
      0.0714, 1e-4);
  EXPECT_NEAR(updated(OneHotMeanIoU(3, {.dtype = "float32"}), t, p, four).item<float>(), 0.0476, 1e-4);
}

TEST(BinaryIoUTest, IsThatOfKerasExamples) {
  const Array t{0, 1, 0, 1}, p{0.1f, 0.2f, 0.4f, 0.7f}, weights{0.2f, 0.3f, 0.4f, 0.1f};
  EXPECT_NEAR(updated(BinaryIoU({.threshold = 0.3}), t, p).item<float>(), 1. / 3, 1e-5);
  EXPECT_NEAR(updated(BinaryIoU({.threshold = 0.3, .dtype = "float32"}), t, p, weights).item<float>(), 0.17361112,
              1e-5);
  EXPECT_NEAR(updated(BinaryIoU({.threshold = 0.7}), Array{1}, Array{0.75f}).item<float>(), 1, 1e-5);
}

TEST(IoUTest, CutsWeightsToWholeNumbersByDefault) {
  EXPECT_EQ(updated(MeanIoU(2), kTrue, kPred, Array{0.9f, 0.9f, 0.9f, 0.9f}).item<float>(), 0);
  EXPECT_FLOAT_EQ(updated(MeanIoU(2), kTrue, kPred, Array{1.9f, 1.f, 1.f, 1.f}).item<float>(),
                  updated(MeanIoU(2), kTrue, kPred).item<float>());
}

TEST(IoUTest, LeavesOutAnIgnoredClassAndWhatIsNoClass) {
  const Array t{0, 0, 1, 1, 255, -1}, p{0, 0, 1, 0, 1, 1};
  const double want = (2. / 3 + 1. / 2) / 2;
  EXPECT_NEAR(updated(MeanIoU(2), t, p).item<float>(), want, 1e-5);
  EXPECT_NEAR(updated(MeanIoU(2, {.ignore_class = 255}), t, p).item<float>(), want, 1e-5);
  EXPECT_NEAR(updated(MeanIoU(2, {.ignore_class = 0}), t, p).item<float>(), 1. / 4, 1e-5);
}

TEST(IoUTest, ClassesThatDoNotOccurDoNotCount) {
  EXPECT_NEAR(updated(MeanIoU(5), kTrue, kTrue).item<float>(), 1, 1e-5);
}

TEST(IoUTest, TakesPicturesWithAWeightForEach) {
  const Array t = Array{0, 0, 1, 1, 0, 1, 0, 1}.reshape({2, 2, 2}),
              p = Array{0, 1, 0, 1, 0, 1, 0, 1}.reshape({2, 2, 2, 1});
  EXPECT_NEAR(updated(MeanIoU(2), t, p, Array{0.f, 1.f}).item<float>(), 1, 1e-5);
  EXPECT_NEAR(updated(MeanIoU(2), t, p, Array{1.f, 0.f}).item<float>(), 1. / 3, 1e-5);
}

TEST(IoUTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { MeanIoU(); }), "metric 'mean_io_u': `num_classes` must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { IoU(2); }), "metric 'io_u' needs `target_class_ids`");
  EXPECT_EQ(error_text<ValueError>([] { BinaryIoU({.target_class_ids = {2}}); }),
            "metric 'binary_io_u': `target_class_ids` must be from 0 to 1, got 2");
  EXPECT_EQ(error_text<TypeError>([] { MeanIoU(2, {.dtype = "float16"}); }),
            "metric 'mean_io_u' is computed in int64, int32 or float32, got dtype 'float16'");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(MeanIoU(2), kTrue, Array{1, 0});
            }),
            "metric 'mean_io_u': targets of shape (4,) do not fit predictions of shape (2,)");
  EXPECT_EQ(error_text<ShapeError>([] {
              updated(MeanIoU(2), kTrue, kPred, Array{1, 0});
            }),
            "metric 'mean_io_u': sample weights of shape (2,) do not fit targets of shape (4,)");
}

}  // namespace
}  // namespace cornu::keras::metrics
