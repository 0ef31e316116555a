#include "cornu/keras/layers/preprocessing/stft_spectrogram.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

// Without a window: Keras asks SciPy for the others, which is not always there.
const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "STFTSpectrogram",
       .config = R"({"mode": "magnitude", "frame_length": 6, "frame_step": 2, "fft_length": 16, "window": "hamming",
                     "periodic": true, "scaling": "spectrum", "padding": "same", "expand_dims": true,
                     "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 12, 2})},
                   .config = R"({"mode": "real", "frame_length": 4, "frame_step": 1, "window": null, "scaling": null, BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}}};
});

Array sound() {
  Array x = graph::empty({1, 20, 2});
  for (std::int64_t i = 0; i < 40; ++i) x.data<float>()[i] = static_cast<float>(i * 37 % 64) / 64;
  return x;
}

STFTSpectrogramConfig in_mode(const std::string& mode) {
  return {.mode = mode, .frame_length = 6, .frame_step = 5, .window = ""};
}

// Of the first frame.
TEST(STFTSpectrogramTest, GivesTheNumbersOfKeras) {
  const auto expect = [](const std::string& mode, std::initializer_list<float> want) {
    const Array y = run_layer(STFTSpectrogram(in_mode(mode)), sound()).output;
    const std::int64_t count = mode == "stft" ? 20 : 10;
    ASSERT_EQ(y.shape(), (Shape{1, 3, count}));
    std::int64_t i = 0;
    for (const float number : want) EXPECT_NEAR(y.data<float>()[i++], number, 2e-5) << mode << i;
  };
  expect("log", {0.851752, 0.345654, -0.573823, -0.802378, -0.757686, 1.03407, 0.28888, 0.0512377, -0.4954, -0.632523});
  expect("magnitude", {2.34375, 1.41291, 0.563367, 0.448262, 0.46875, 2.8125, 1.33493, 1.05257, 0.609327, 0.53125});
  expect("psd", {5.49316, 3.99265, 0.634766, 0.401877, 0.219727, 7.91016, 3.56408, 2.21582, 0.74256, 0.282227});
  expect("real", {2.34375, -1.3984, 0.3125, 0.148398, -0.46875, 2.8125, 0.607019, -0.109375, 0.142981, 0.53125});
  expect("imag", {0, -0.202014, -0.46875, 0.422985, 0, 0, -1.18894, -1.04688, 0.592314, 0});
  expect("angle", {0, -2.99812, -0.982794, 1.23338});
  expect("stft", {2.34375, -1.3984, 0.3125, 0.148398, -0.46875, 0, -0.202014, -0.46875, 0.422985, 0, 2.8125});
}

TEST(STFTSpectrogramTest, FrequenciesAndChannelsApart) {
  STFTSpectrogramConfig config = in_mode("magnitude");
  config.fft_length = 10, config.padding = "same", config.expand_dims = true;
  const Array y = run_layer(STFTSpectrogram(config), sound()).output;
  ASSERT_EQ(y.shape(), (Shape{1, 4, 6, 2}));
  const float want[] = {2.34375, 2.8125, 1.70483, 1.7053, 0.664571, 1.10549, 0.58364, 0.714422};
  for (int i = 0; i < 8; ++i) EXPECT_NEAR(y.data<float>()[i], want[i], 2e-5);
  config.data_format = "channels_first";
  const Array first = run_layer(STFTSpectrogram(config), sound().transpose({0, 2, 1})).output;
  EXPECT_TRUE(allclose(first, y.transpose({0, 3, 1, 2})));
  config.expand_dims = false;
  EXPECT_TRUE(allclose(run_layer(STFTSpectrogram(config), sound().transpose({0, 2, 1})).output,
                       y.transpose({0, 3, 2, 1}).reshape({1, 12, 4})));
}

TEST(STFTSpectrogramTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { STFTSpectrogram({.mode = "power", .name = "s"}); }),
            "[STFTSpectrogram \"s\"] expected mode 'log', 'magnitude', 'psd', 'real', 'imag', 'angle' or 'stft', got "
            "'power'");
  EXPECT_EQ(error_text<ValueError>([] { STFTSpectrogram({.frame_length = 4, .frame_step = 5, .name = "s"}); }),
            "[STFTSpectrogram \"s\"] expected a frame_step from 1 to frame_length 4, got 5");
  EXPECT_EQ(error_text<ValueError>([] { STFTSpectrogram({.frame_length = 4, .fft_length = 3, .name = "s"}); }),
            "[STFTSpectrogram \"s\"] expected an fft_length of at least frame_length 4, got 3");
  EXPECT_EQ(error_text<ValueError>([] { STFTSpectrogram({.window = "kaiser", .name = "s"}); }),
            "initializer STFT: unknown window 'kaiser'; known: hann, hamming, blackman, boxcar");
}

}  // namespace
}  // namespace cornu::keras::layers
