#include "cornu/io/audio/audio.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "tests/io/mutations.h"

namespace cornu::io::audio {
namespace {

using namespace graph;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;
using tests::write_text;

std::string little_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// A WAV file of whole numbers.
std::string wav(int channels, int bits, const std::string& data, std::uint32_t rate = 8000) {
  const auto frame = static_cast<std::uint32_t>(channels * bits / 8);
  return "RIFF" + little_endian(36 + static_cast<std::uint32_t>(data.size()), 4) + "WAVEfmt " + little_endian(16, 4) +
         little_endian(1, 2) + little_endian(static_cast<std::uint32_t>(channels), 2) + little_endian(rate, 4) +
         little_endian(rate * frame, 4) + little_endian(frame, 2) + little_endian(static_cast<std::uint32_t>(bits), 2) +
         "data" + little_endian(static_cast<std::uint32_t>(data.size()), 4) + data;
}

class AudioFiles : public testing::Test {
 protected:
  Audio read_bytes(const std::string& bytes) {
    write_text(path_, bytes);
    return read(path_);
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "a.wav";
};

TEST_F(AudioFiles, HaveFramesAndChannels) {
  const Audio mono = read_bytes(wav(1, 16, little_endian(0, 2) + little_endian(16384, 2) + little_endian(0x8000, 2)));
  EXPECT_EQ(mono.sampling_rate, 8000);
  EXPECT_TRUE(array_equal(mono.samples, Array{{0.f}, {0.5f}, {-1.f}}));
  const Audio stereo = read_bytes(wav(2, 8, std::string("\x80\xc0\x00\xff", 4), 16000));
  EXPECT_EQ(stereo.sampling_rate, 16000);
  EXPECT_TRUE(allclose(stereo.samples, Array{{0.f, 0.5f}, {-1.f, 127.f / 128}}));
}

TEST_F(AudioFiles, AreWrittenAndReadAgain) {
  const Array samples{{0.f, 0.25f}, {-0.5f, 2.f}, {0.125f, -2.f}};
  write_wav(path_, samples, 22050);
  const Audio back = read(path_);
  EXPECT_EQ(back.sampling_rate, 22050);
  EXPECT_TRUE(allclose(back.samples, Array{{0.f, 0.25f}, {-0.5f, 1.f}, {0.125f, -1.f}}, 0, 1e-4));
  write_wav(path_, Array{0.5f, 0.f}, 8000);
  EXPECT_EQ(read(path_).samples.shape(), Shape({2, 1}));
}

TEST_F(AudioFiles, ChangeTheirRate) {
  Array tone = zeros({4000, 1});
  for (int i = 0; i < 4000; ++i)
    tone.data<float>()[i] = static_cast<float>(std::sin(2 * std::numbers::pi * 100 * i / 8000));
  const Array twice = resample(tone, 8000, 16000);
  ASSERT_NEAR(static_cast<double>(twice.rows()), 8000, 2);
  for (std::int64_t i = 1000; i < 7000; i += 97)
    EXPECT_NEAR(twice.data<float>()[i], std::sin(2 * std::numbers::pi * 100 * static_cast<double>(i) / 16000), 1e-3);
  EXPECT_TRUE(array_equal(resample(tone, 8000, 8000), tone));
}

TEST_F(AudioFiles, NameWhatIsWrong) {
  EXPECT_THAT(error_text<FormatError>([&] { read_bytes("no sound at all"); }),
              HasSubstr("a.wav] not a recording, or damaged: "));
  EXPECT_THAT(error_text<IoError>([&] { read(folder_ / "none.wav"); }), HasSubstr("cannot read"));
  EXPECT_THAT(error_text<TypeError>([&] { write_wav(path_, Array{1, 2}, 8000); }), HasSubstr("expected float32"));
  EXPECT_THAT(error_text<ShapeError>([&] { write_wav(path_, zeros({2, 2, 2}), 8000); }), HasSubstr("got (2, 2, 2)"));
  EXPECT_THAT(error_text<ValueError>([&] { write_wav(path_, zeros({2}), 0); }), HasSubstr("at least 1"));
  EXPECT_THAT(error_text<ValueError>([&] { resample(zeros({2}), 8000, 0); }), HasSubstr("rates of at least 1"));
}

TEST_F(AudioFiles, DamageNeverCrashes) {
  const std::string bytes = wav(2, 16, std::string(40, '\x11'));
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int change : {0x01, 0x80, 0xff}) {
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      try {
        read_bytes(changed);
      } catch (const Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("a.wav]"));
      }
    }
}

}  // namespace
}  // namespace cornu::io::audio
