#include "cornu/io/tensorboard/summaries/audio.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Array;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
using testing::ElementsAre;
using tests::error_text;
using tests::from_hex;

TEST(AudioSummary, IsAWavFileAndALabelEach) {
  const Summary s = audio("tone", Array{0.f, 0.5f, -0.5f, 1.f, -1.f}, 8000);
  EXPECT_EQ(s.plugin, "audio");
  EXPECT_EQ(s.content, from_hex("100b"));
  EXPECT_EQ(s.data_class, DataClass::unknown);
  EXPECT_EQ(s.shape, (Shape{1, 2}));
  const std::string wav = "RIFF" + from_hex("2e000000") + "WAVEfmt " +
                          from_hex(
                              "10000000"
                              "0100"
                              "0100"
                              "401f0000"
                              "803e0000"
                              "0200"
                              "1000") +
                          "data" +
                          from_hex(
                              "0a000000"
                              "0000"
                              "0040"
                              "00c0"
                              "ff7f"
                              "0080");
  EXPECT_THAT(s.strings, ElementsAre(wav, ""));
}

TEST(AudioSummary, ClipsAndTakesNaNAsSilence) {
  const Summary s = audio("x", Array{2.f, -2.f, NAN, INFINITY, -INFINITY}, 1);
  EXPECT_EQ(s.strings[0].substr(44), from_hex("ff7f0080"
                                              "0000"
                                              "ff7f"
                                              "0080"));
}

TEST(AudioSummary, HasChannelsSideBySideAndSoundsApart) {
  const Array stereo = graph::arange(0, 8).reshape({2, 2, 2}) / 32768;
  const Summary s = audio("x", stereo, 44100);
  EXPECT_EQ(s.shape, (Shape{2, 2}));
  EXPECT_EQ(s.strings[0].substr(22, 14), from_hex("0200"
                                                  "44ac0000"
                                                  "10b10200"
                                                  "0400"
                                                  "1000"));
  EXPECT_EQ(s.strings[0].substr(44), from_hex("0000010002000300"));
  EXPECT_EQ(s.strings[2].substr(44), from_hex("0400050006000700"));
  EXPECT_EQ(audio("x", stereo[0], 44100).strings[0], s.strings[0]);
  EXPECT_EQ(audio("x", graph::zeros({5, 3, 1}), 1).shape, (Shape{3, 2}));
  EXPECT_EQ(audio("x", graph::zeros({5, 3, 1}), 1, {.max_outputs = 4}).shape, (Shape{4, 2}));
}

TEST(AudioSummary, RefusesOtherShapesRatesAndDtypes) {
  const std::string shapes =
      "[audio \"x\"] needs samples of shape (frames,), (frames, channels) or (sounds, frames, channels) with at most "
      "32767 channels, got ";
  EXPECT_EQ(error_text<ShapeError>([] { audio("x", graph::zeros({}), 1); }), shapes + "()");
  EXPECT_EQ(error_text<ShapeError>([] { audio("x", graph::zeros({0}), 1); }), shapes + "(0,)");
  EXPECT_EQ(error_text<ShapeError>([] { audio("x", graph::zeros({1, 40000}), 1); }), shapes + "(1, 40000)");
  EXPECT_EQ(error_text<TypeError>([] { audio("x", graph::zeros({4}, graph::int32), 1); }),
            "[audio \"x\"] needs samples of a floating dtype, got int32");
  EXPECT_EQ(error_text<ValueError>([] { audio("x", graph::zeros({4}), 0); }),
            "[audio \"x\"] the sample rate must be positive and fit a WAV file, got 0");
  EXPECT_EQ(error_text<ValueError>([] {
              audio("x", graph::zeros({4, 100}), 2000000000);
            }),
            "[audio \"x\"] the sample rate must be positive and fit a WAV file, got 2000000000");
  EXPECT_EQ(error_text<ValueError>([] { audio("x", graph::zeros({4}), 1, {.max_outputs = -1}); }),
            "[audio \"x\"] max_outputs must be positive, got -1");
  float one = 0;
  const Array huge =
      Array::borrow(&one, {graph::float32, {3'000'000'000, 1}});  // refused before an element is looked at
  EXPECT_EQ(error_text<ValueError>([&] { audio("x", huge, 1); }),
            "[audio \"x\"] a WAV file holds at most 4 GB, got sounds of shape (3000000000, 1)");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries
