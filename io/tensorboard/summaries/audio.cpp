#include "cornu/io/tensorboard/summaries/audio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/proto/plugins.pb.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;

static_assert(std::endian::native == std::endian::little, "a WAV file is little-endian");

namespace {

struct WavHeader {
  char riff[4] = {'R', 'I', 'F', 'F'};
  std::uint32_t bytes_after_this;
  char wave[4] = {'W', 'A', 'V', 'E'};
  char format[4] = {'f', 'm', 't', ' '};
  std::uint32_t format_bytes = 16;
  std::uint16_t pcm = 1, channels;
  std::uint32_t frames_per_second, bytes_per_second;
  std::uint16_t bytes_per_frame, bits_per_sample = 16;
  char data[4] = {'d', 'a', 't', 'a'};
  std::uint32_t data_bytes;
};
static_assert(sizeof(WavHeader) == 44);

std::int16_t sample_of(float value) {
  return std::isnan(value) ? std::int16_t{0}
                           : static_cast<std::int16_t>(std::clamp(std::round(value * 32768.f), -32768.f, 32767.f));
}

/// (frames, channels) of float32.
std::string wav_of(const Array& sound, std::uint32_t rate) {
  const auto channels = static_cast<std::uint16_t>(sound.shape()[1]);
  const auto bytes = static_cast<std::uint32_t>(sound.size() * 2);
  WavHeader header;
  header.bytes_after_this = 36 + bytes;
  header.channels = channels;
  header.frames_per_second = rate;
  header.bytes_per_second = rate * channels * 2;
  header.bytes_per_frame = static_cast<std::uint16_t>(channels * 2);
  header.data_bytes = bytes;
  std::string wav(sizeof header + bytes, '\0');
  std::memcpy(wav.data(), &header, sizeof header);
  char* to = wav.data() + sizeof header;
  for (float value : sound.span<float>()) {
    const std::int16_t sample = sample_of(value);
    std::memcpy(to, &sample, 2);
    to += 2;
  }
  return wav;
}

Array sound_batch(const std::string& who, const Array& samples) {
  const Shape& shape = samples.shape();
  const int rank = shape.rank();
  require<ShapeError>(rank >= 1 && rank <= 3 && samples.size() > 0 && (rank == 1 || shape.back() <= 0x7fff), who,
                      " needs samples of shape (frames,), (frames, channels) or (sounds, frames, channels) with at "
                      "most 32767 channels, got ",
                      shape);
  return samples.reshape(rank == 1 ? Shape{1, -1, 1} : rank == 2 ? shape.prepend(1) : shape);
}

}  // namespace

Summary audio(std::string_view tag, const Array& samples, int sample_rate, const AudioConfig& config) {
  cornu_tensorboard::AudioPluginData data;
  data.set_encoding(cornu_tensorboard::AudioPluginData::WAV);
  // The data class must stay unknown. If it is set, TensorBoard does not separate the labels from the sounds.
  Summary summary = internal::new_summary(tag, "audio", DataClass::unknown, config.about, data.SerializeAsString());
  const std::string who = message("[audio \"", summary.tag, "\"]");
  require<TypeError>(is_floating(samples.dtype()), who, " needs samples of a floating dtype, got ", samples.dtype());
  require<ValueError>(config.max_outputs > 0, who, " max_outputs must be positive, got ", config.max_outputs);
  const Array batch = sound_batch(who, samples).slice(0, config.max_outputs);
  constexpr std::int64_t kMaxBytes = std::numeric_limits<std::uint32_t>::max() - 36;
  require<ValueError>(sample_rate > 0 && std::int64_t{sample_rate} * batch.shape()[2] * 2 <= kMaxBytes, who,
                      " the sample rate must be positive and fit a WAV file, got ", sample_rate);
  require<ValueError>(batch.shape()[1] <= kMaxBytes / 2 / batch.shape()[2], who,
                      " a WAV file holds at most 4 GB, got sounds of shape ", batch.shape().drop_front());
  for (const Array& sound : batch.astype(float32)) {
    summary.strings.push_back(wav_of(sound, static_cast<std::uint32_t>(sample_rate)));
    summary.strings.emplace_back();  // its label
  }
  summary.shape = {batch.rows(), 2};
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries
