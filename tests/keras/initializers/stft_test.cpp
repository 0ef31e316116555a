#include "cornu/keras/initializers/stft.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::initializers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"initializer", "STFT", R"({"side": "imag", "window": "hamming", "scaling": "spectrum", "periodic": true})",
       false},
  };
});

graph::random::Generator rng(1);

TEST(StftTest, CosinesAndSinesOfTheFrequencies) {
  const Array real = STFT({.window = ""})({5, 1, 3}, rng),
              imaginary = STFT({.side = "imag", .window = ""})({5, 1, 3}, rng);
  EXPECT_TRUE(allclose(real.reshape({5, 3}),
                       Array{{1.f, 1.f, 1.f}, {1.f, 0.f, -1.f}, {1.f, -1.f, 1.f}, {1.f, 0.f, -1.f}, {1.f, 1.f, 1.f}}, 0,
                       1e-6));
  EXPECT_TRUE(allclose(imaginary.reshape({5, 3}),
                       Array{{0.f, 0.f, 0.f}, {0.f, -1.f, 0.f}, {0.f, 0.f, 0.f}, {0.f, 1.f, 0.f}, {0.f, 0.f, 0.f}}, 0,
                       1e-6));
}

TEST(StftTest, WindowsAreScaled) {
  const Array hann = STFT()({5, 1, 3}, rng).reshape({5, 3}).transpose()[0];
  EXPECT_TRUE(allclose(hann, Array{0.f, 0.5f, 1.f, 0.5f, 0.f} / std::sqrt(1.5), 1e-5, 1e-6));
  const Array periodic = STFT({.window = "hamming", .scaling = "spectrum", .periodic = true})({4, 1, 3}, rng)
                             .reshape({4, 3})
                             .transpose()[0];
  EXPECT_TRUE(allclose(periodic, Array{0.08f, 0.54f, 1.f, 0.54f} / 2.16, 1e-5, 1e-6));
}

TEST(StftTest, RefusesUnknownNames) {
  EXPECT_EQ(error_text<ValueError>([] { STFT({.side = "left"}); }),
            "initializer STFT: expected side 'real' or 'imag', got 'left'");
  EXPECT_EQ(error_text<ValueError>([] { STFT({.window = "door"}); }),
            "initializer STFT: unknown window 'door'; known: hann, hamming, blackman, boxcar");
  EXPECT_EQ(error_text<ValueError>([] { STFT({.scaling = "fish"}); }),
            "initializer STFT: expected scaling 'density', 'spectrum' or none, got 'fish'");
  EXPECT_EQ(error_text<ValueError>([] {
              STFT()({5, 2, 3}, rng);
            }),
            "initializer STFT: expected a shape (frame length, 1, frequencies), got (5, 2, 3)");
}

}  // namespace
}  // namespace cornu::keras::initializers
