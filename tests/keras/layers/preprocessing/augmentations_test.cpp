// Layers that are made of other layers on pictures: RandomColorJitter, RandAugment, AugMix.

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/preprocessing/aug_mix.h"
#include "cornu/keras/layers/preprocessing/rand_augment.h"
#include "cornu/keras/layers/preprocessing/random_color_jitter.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/preprocessing/picture.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::picture;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  cornu::tests::KerasSamples all;
  const std::string rest = R"(, "seed": 3, "data_format": "channels_first", BASE})";
  for (const auto& [name, arguments] :
       {std::pair{"RandomColorJitter", R"("brightness_factor": 0.1, "contrast_factor": [0.1, 0.2],
                                          "saturation_factor": [0.4, 0.6], "hue_factor": 0.25)"},
        std::pair{"RandAugment", R"("num_ops": 3, "factor": [0.25, 0.5], "interpolation": "nearest")"},
        std::pair{"AugMix", R"("num_chains": 2, "chain_depth": 1, "factor": [0.25, 0.5], "alpha": 0.5,
                               "all_ops": false, "interpolation": "nearest")"}})
    all.push_back({.kind = "layer",
                   .class_name = name,
                   .config = R"({"value_range": [0.0, 1.0], )" + std::string(arguments) + rest,
                   .in_keras2 = false,
                   .example = {.inputs = {tests::some({3, 3, 5, 4})}, .free_axes = {1, 2, 3}}});
  return all;
});

const Array kPictures = graph::concatenate({picture(), 255 - picture(), picture() / 2}, 0);

TEST(RandomColorJitterTest, DoesOneAfterTheOtherAsKerasDoes) {
  const RandomColorJitter layer({.brightness_factor = {0.1, 0.1}, .saturation_factor = {0.3, 0.3}});
  tests::expect_numbers(
      run_layer(layer, picture(), true).output[0][0],
      {67.7857, 83.6429, 99.5, 178.786, 194.643, 210.5, 247.5, 153.643, 169.5, 144.786, 160.643, 176.5});
  EXPECT_TRUE(array_equal(run_layer(RandomColorJitter(), picture(), true).output, picture()));
  EXPECT_TRUE(array_equal(run_layer(layer, picture().astype(uint8)).output, picture().astype(uint8)));
  EXPECT_EQ(run_layer(layer, picture().astype(uint8), true).output.dtype(), float32);
}

// Were they drawn from one seed each by itself, the brightest pictures would be those of the highest contrast.
TEST(RandomColorJitterTest, ItsPartsDrawOtherNumbers) {
  const Array x = graph::concatenate(std::vector<Array>(32, picture() / 4 + 90), 0);
  const Array y =
      run_layer(RandomColorJitter({.brightness_factor = 0.1, .contrast_factor = {0.4, 0.4}, .seed = 1}), x, true)
          .output;
  int bright_and_strong = 0;
  for (std::int64_t i = 0; i < 32; ++i) {
    const bool bright = graph::mean(y[i]).item<double>() > graph::mean(x[i]).item<double>(),
               strong = graph::max(y[i]).item<float>() - graph::min(y[i]).item<float>() >
                        graph::max(x[i]).item<float>() - graph::min(x[i]).item<float>();
    bright_and_strong += bright == strong;
  }
  EXPECT_GT(bright_and_strong, 4);
  EXPECT_LT(bright_and_strong, 28);
}

template <class LayerType>
void expect_random(const std::string& arguments = "") {
  const auto make = [&](int seed) {
    return saving::deserialize(registry(), R"({"class_name": ")" + LayerType()->class_name() +
                                               R"(", "config": {"seed": )" + std::to_string(seed) + arguments + "}}");
  };
  const Shared<Layer> layer = make(1);
  const Array y = run_layer(layer, kPictures, true).output;
  EXPECT_EQ(y.spec(), kPictures.spec());
  EXPECT_TRUE(array_equal(run_layer(make(1), kPictures, true).output, y));
  EXPECT_FALSE(array_equal(run_layer(layer, kPictures, true).output, y)) << "another time";
  int others = 0;
  for (int seed = 2; seed < 12; ++seed) {
    const Array z = run_layer(make(seed), kPictures, true).output;
    others += !array_equal(z, y);
    EXPECT_GE(graph::min(z).item<float>(), -1e-3);
    EXPECT_LE(graph::max(z).item<float>(), 255.01);
  }
  EXPECT_GE(others, 9);
  EXPECT_EQ(run_layer(layer, picture()[0].astype(uint8), true).output.spec(), (graph::Spec{float32, {4, 4, 3}}));
  EXPECT_TRUE(array_equal(run_layer(layer, kPictures.astype(uint8)).output, kPictures.astype(uint8).astype(float32)))
      << "not in training";
}

TEST(RandAugmentTest, ChangesPicturesAtRandom) { expect_random<RandAugment>(); }
TEST(RandAugmentTest, WithoutOpsNothingHappens) {
  EXPECT_TRUE(array_equal(run_layer(RandAugment({.num_ops = 0}), kPictures, true).output, kPictures));
}
TEST(RandAugmentTest, Bfloat16AndChannelsFirst) {
  const RandAugment layer({.seed = 1, .data_format = "channels_first", .dtype = "bfloat16"});
  EXPECT_EQ(run_layer(layer, tests::first(kPictures), true).output.spec(), (graph::Spec{bfloat16, {3, 3, 4, 4}}));
}

TEST(AugMixTest, ChangesPicturesAtRandom) { expect_random<AugMix>(R"(, "num_chains": 2, "chain_depth": 2)"); }
TEST(AugMixTest, ChainsWithoutChangesMixAPictureWithItself) {
  EXPECT_TRUE(allclose(run_layer(AugMix({.chain_depth = 0}), kPictures, true).output, kPictures, 1e-5, 1e-3));
  EXPECT_TRUE(
      allclose(run_layer(AugMix({.chain_depth = 0, .alpha = 1e-3}), kPictures, true).output, kPictures, 1e-5, 1e-3));
}

// Behind weights, through whose gradients they hand back what comes: also through what was chosen.
TEST(AugmentationsTest, InAModelTheyTrainWithIt) {
  models::Sequential model;
  model.add(Dense(3, {.activation = "sigmoid", .input_shape = {5, 5, 3}}));
  model.add(RandAugment({.value_range = {0, 1}, .seed = 1}));
  model.add(AugMix({.value_range = {0, 1}, .num_chains = 2, .chain_depth = 1, .seed = 2}));
  model.add(Flatten());
  model.add(Dense(1));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array before = model.get_weights()[0];
  const auto history = model.fit(tests::some({8, 5, 5, 3}), graph::zeros({8, 1}),
                                 {.batch_size = 4, .epochs = 3, .verbose = 0, .shuffle = false});
  for (const double loss : history["loss"]) EXPECT_TRUE(std::isfinite(loss));
  EXPECT_FALSE(array_equal(model.get_weights()[0], before));
}

TEST(AugmentationsTest, RefuseBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { RandAugment({.num_ops = -1, .name = "r"}); }),
            "[RandAugment \"r\"] expected num_ops of at least 0, got -1");
  EXPECT_EQ(error_text<ValueError>([] { RandAugment({.factor = 2, .name = "r"}); }),
            "[RandAugment \"r\"] expected a factor of one or two numbers from 0 to 1, got (2)");
  EXPECT_EQ(error_text<ValueError>([] { AugMix({.num_chains = 0, .name = "a"}); }),
            "[AugMix \"a\"] expected a positive num_chains, got 0");
  EXPECT_EQ(error_text<ValueError>([] { AugMix({.alpha = 0, .name = "a"}); }),
            "[AugMix \"a\"] expected a positive alpha, got 0");
  EXPECT_EQ(error_text<ValueError>([] { RandomColorJitter({.hue_factor = 2, .name = "j"}); }),
            "[RandomHue \"j\"] expected a factor of one or two numbers from 0 to 1, got (2)");
}

}  // namespace
}  // namespace cornu::keras::layers
