#include "cornu/keras/layers/preprocessing/mel_spectrogram.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "MelSpectrogram",
       .config = R"({"fft_length": 16, "sequence_stride": 4, "sequence_length": 12, "window": "hamming",
                     "sampling_rate": 1000, "num_mel_bins": 3, "min_freq": 30.0, "max_freq": 400.0,
                     "power_to_db": false, "top_db": 60.0, "mag_exp": 1.5, "min_power": 0.001, "ref_power": 2.0,
                     BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 40})},
                   .config = R"({"fft_length": 16, "sequence_stride": 1, "sampling_rate": 1000, "num_mel_bins": 3,
                                 "power_to_db": false, BASE})",
                   .free_axes = {1}}}};
});

Array sound() {
  Array x = graph::empty({40});
  for (std::int64_t i = 0; i < 40; ++i) x.data<float>()[i] = static_cast<float>(i * 37 % 64) / 64;
  return x;
}

TEST(MelSpectrogramTest, GivesTheNumbersOfKeras) {
  const MelSpectrogram plain({.fft_length = 16, .sequence_stride = 8, .sampling_rate = 1000, .num_mel_bins = 3});
  const Array want =
      Array{0.517032f, 2.74492f,  3.95913f,  2.85319f, 3.69415f, 6.07239f, -13.8056f, -3.331f,  -4.01966f,
            -1.48411f, -2.32746f, -13.8547f, -2.8126f, 1.59952f, 1.19617f, 2.70502f,  2.28871f, -3.7097f}
          .reshape({3, 6});
  const Array y = run_layer(plain, sound()).output;
  EXPECT_TRUE(allclose(y, want, 1e-4, 1e-4)) << y;
  EXPECT_TRUE(array_equal(run_layer(plain, sound().reshape({1, 40})).output[0], y));
  const MelSpectrogram other({.fft_length = 16,
                              .sequence_stride = 8,
                              .sequence_length = 11,
                              .window = "hamming",
                              .sampling_rate = 1000,
                              .num_mel_bins = 3,
                              .min_freq = 30,
                              .max_freq = 400,
                              .power_to_db = false,
                              .mag_exp = 1});
  const Array magnitudes =
      Array{0.886039f, 1.01653f,  1.0129f,   1.61025f,  1.83708f,  2.16385f,  0.281789f, 0.723401f, 0.529307f,
            0.858726f, 0.968947f, 0.582908f, 0.188104f, 0.978015f, 0.633178f, 0.700019f, 0.918206f, 0.113702f}
          .reshape({1, 3, 6});
  EXPECT_TRUE(allclose(run_layer(other, sound().reshape({1, 40})).output, magnitudes, 1e-4, 1e-5));
}

TEST(MelSpectrogramTest, NothingIsFarBelowTheLoudest) {
  const Array y =
      run_layer(MelSpectrogram({.fft_length = 16, .sequence_stride = 8, .num_mel_bins = 4, .top_db = 3}), sound())
          .output;
  EXPECT_NEAR(graph::max(y).item<float>() - graph::min(y).item<float>(), 3, 1e-4);
  EXPECT_FLOAT_EQ(graph::max(run_layer(MelSpectrogram({.fft_length = 16}), graph::zeros({64})).output).item<float>(),
                  -100);
}

TEST(MelSpectrogramTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { MelSpectrogram({.fft_length = 8, .sequence_length = 9, .name = "m"}); }),
            "[MelSpectrogram \"m\"] expected a sequence_length of at most fft_length 8, got 9");
  EXPECT_EQ(error_text<ValueError>([] { MelSpectrogram({.num_mel_bins = 0, .name = "m"}); }),
            "[MelSpectrogram \"m\"] expected a positive num_mel_bins, got 0");
  EXPECT_EQ(error_text<ValueError>([] { MelSpectrogram({.window = "kaiser", .name = "m"}); }),
            "[MelSpectrogram \"m\"] expected window 'hann' or 'hamming', or none, got 'kaiser'");
  EXPECT_EQ(error_text<ShapeError>([] {
              run_layer(MelSpectrogram({.name = "m"}), graph::zeros({1, 2, 3}));
            }),
            "[MelSpectrogram \"m\"] expected samples of one axis, or two with a batch, got shape (None, 2, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
