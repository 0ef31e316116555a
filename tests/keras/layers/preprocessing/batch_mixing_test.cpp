// MixUp and CutMix: what becomes of pictures and labels.

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "cornu/keras/data/dataset.h"
#include "cornu/keras/layers/preprocessing/cut_mix.h"
#include "cornu/keras/layers/preprocessing/mix_up.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "MixUp",
       .config = R"({"alpha": 0.5, "data_format": "channels_first", "seed": 3, BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}},
      {.kind = "layer",
       .class_name = "CutMix",
       .config = R"({"factor": [0.25, 0.5], "seed": 3, "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}}};
});

constexpr std::int64_t kBatch = 16, kSide = 20;

// Picture i has the color i, and the label i.
Array colors() { return graph::arange(0, kBatch).reshape({kBatch, 1, 1, 1}) + graph::zeros({1, kSide, kSide, 3}); }
Array labels() { return graph::eye(kBatch); }

std::vector<Array> mixed(const Shared<Layer>& layer, const Array& images, const Array& y, bool training = true) {
  const Function call([&](const Tensor& a, const Tensor& b) {
    Context ctx(training);
    const Tensors out = (*layer)(Inputs{a, b}, ctx);
    return Outputs{out.at(0), out.at(1)};
  });
  return call(images, y).arrays();
}

// The picture that another one was mixed with, or its own number; its share.
std::pair<std::int64_t, float> partner(const Array& label, std::int64_t own) {
  std::pair<std::int64_t, float> found{own, 0.f};
  float sum = 0;
  for (std::int64_t k = 0; k < kBatch; ++k) {
    const float share = label.data<float>()[k];
    EXPECT_GE(share, 0);
    sum += share;
    if (k != own && share > 0) found = {k, share};
  }
  EXPECT_NEAR(sum, 1, 1e-5);
  return found;
}

TEST(MixUpTest, PicturesAndLabelsAreMixedAlike) {
  const auto y = mixed(MixUp(1., {.seed = 4}), colors(), labels());
  std::set<std::int64_t> partners;
  for (std::int64_t i = 0; i < kBatch; ++i) {
    const auto [other, share] = partner(y[1][i], i);
    partners.insert(other);
    const auto color = static_cast<float>(i) * (1 - share) + static_cast<float>(other) * share;
    EXPECT_NEAR(graph::min(y[0][i]).item<float>(), color, 1e-4);
    EXPECT_NEAR(graph::max(y[0][i]).item<float>(), color, 1e-4);
  }
  EXPECT_EQ(partners.size(), static_cast<std::size_t>(kBatch)) << "an order of all";
}

TEST(MixUpTest, OutsideOfTrainingAndAloneNothingHappens) {
  const auto y = mixed(MixUp(), colors(), labels(), false);
  EXPECT_TRUE(array_equal(y[0], colors()));
  EXPECT_TRUE(array_equal(y[1], labels()));
  EXPECT_TRUE(array_equal(run_layer(MixUp(), tests::picture()[0], true).output, tests::picture()[0]));
  EXPECT_TRUE(allclose(run_layer(MixUp(), tests::picture(), true).output, tests::picture(), 1e-5, 1e-3));
  // Whole numbers come out as floats, labels too.
  const auto whole = mixed(MixUp(1., {.seed = 4}), colors().astype(uint8), labels().astype(int32));
  EXPECT_EQ(whole[0].dtype(), float32);
  EXPECT_EQ(whole[1].dtype(), float32);
}

TEST(MixUpTest, SmallAlphasHardlyMix) {
  const auto y = mixed(MixUp(1e-4, {.seed = 1}), colors(), labels());
  for (std::int64_t i = 0; i < kBatch; ++i) {
    const float largest = graph::max(y[1][i]).item<float>();
    EXPECT_GT(largest, 0.99);
  }
}

TEST(CutMixTest, ARectangleOfAnotherPictureAndItsShareOfTheLabel) {
  for (const char* format : {"channels_last", "channels_first"}) {
    const bool first = std::string(format) == "channels_first";
    const CutMix layer({.factor = {1, 1}, .seed = 2, .data_format = format});
    auto y = mixed(layer, first ? tests::first(colors()) : colors(), labels());
    if (first) y[0] = tests::last(y[0]);
    double all = 0;
    for (std::int64_t i = 0; i < kBatch; ++i) {
      const auto [other, share] = partner(y[1][i], i);
      std::int64_t count = 0, top = kSide, bottom = -1, left = kSide, right = -1;
      for (std::int64_t k = 0; k < kSide * kSide; ++k) {
        const float value = y[0][i].data<float>()[3 * k];
        if (value == static_cast<float>(i)) continue;
        EXPECT_EQ(value, static_cast<float>(other));
        top = std::min(top, k / kSide), bottom = std::max(bottom, k / kSide);
        left = std::min(left, k % kSide), right = std::max(right, k % kSide);
        ++count;
      }
      if (count > 0) {
        EXPECT_EQ(count, (bottom - top + 1) * (right - left + 1)) << "a rectangle";
      }
      // A side may be a pixel longer or shorter than the share says.
      if (other != i) {
        EXPECT_NEAR(std::sqrt(static_cast<double>(count) / (kSide * kSide)), std::sqrt(share), 1.01 / kSide) << i;
      }
      all += share;
    }
    EXPECT_GT(all, 1);
  }
}

TEST(CutMixTest, OutsideOfTrainingAndAloneNothingHappens) {
  const auto y = mixed(CutMix(), colors().astype(uint8), labels(), false);
  EXPECT_TRUE(array_equal(y[0], colors()));
  EXPECT_TRUE(array_equal(y[1], labels()));
  EXPECT_TRUE(array_equal(run_layer(CutMix(), tests::picture()[0], true).output, tests::picture()[0]));
}

// As docs/data.md shows it.
TEST(BatchMixingTest, InFrontOfAModel) {
  const MixUp mix_up(0.4, {.seed = 1});
  const Function mix([&](const Tensor& x, const Tensor& y) {
    Context ctx(true);
    const Tensors both = (*mix_up)(Inputs{x, y}, ctx);
    Outputs outputs{both[0], both[1]};
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  const auto batches = data::Dataset::from_tensor_slices({tests::some({8, 4, 4, 1}), graph::eye(8)})
                           .repeat(2)
                           .batch(8)
                           .map([&](const Array& x, const Array& y) {
                             const auto [pictures, classes] = mix(x, y).get<2>();
                             return data::Element{pictures, classes};
                           });
  std::vector<Array> seen;
  for (const data::Element& e : batches) {
    EXPECT_TRUE(allclose(graph::sum(e[1], 1), graph::ones({8}), 1e-5, 1e-5));
    seen.push_back(e[0]);
  }
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_FALSE(array_equal(seen[0], seen[1])) << "other numbers for each batch";
}

TEST(BatchMixingTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error_text<ValueError>([] { MixUp(0., {.name = "m"}); }), "[MixUp \"m\"] expected a positive alpha, got 0");
  EXPECT_EQ(error_text<ValueError>([] { CutMix(-1., {.name = "c"}); }),
            "[CutMix \"c\"] expected a factor of one or two numbers from 0 to 1, got (-1)");
  EXPECT_EQ(error_text<ShapeError>([] { mixed(MixUp({.name = "m"}), colors(), graph::zeros({kBatch})); }),
            "[MixUp \"m\"] expected labels of shape (batch, classes) beside pictures of shape (None, 20, 20, 3), got "
            "shape (None,)");
}

}  // namespace
}  // namespace cornu::keras::layers
