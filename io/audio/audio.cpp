#include "cornu/io/audio/audio.h"

#include <samplerate.h>
#include <sndfile.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "cornu/graph/check.h"
#include "cornu/io/atomic_file.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::audio {

using namespace graph;

namespace {

constexpr std::int64_t kBlockOfFrames = 1 << 12;

struct Closed {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SoundFile = std::unique_ptr<SNDFILE, Closed>;

Array require_samples(const char* who, const Array& samples) {
  require<TypeError>(samples.dtype() == float32, who, ": expected float32, got ", samples.dtype());
  require<ShapeError>(samples.ndim() == 1 || samples.ndim() == 2, who,
                      ": expected shape (frames,) or (frames, channels), got ", samples.shape());
  return samples.ndim() == 1 ? samples.reshape({samples.rows(), 1}) : samples;
}

}  // namespace

Audio read(const Path& path) {
  const io::internal::InputFile checked{std::filesystem::path(path)};  // for its errors
  SF_INFO info{};
  const SoundFile file(sf_open(path.string().c_str(), SFM_READ, &info));
  if (!file) checked.malformed("not a recording, or damaged: ", sf_strerror(nullptr));
  if (info.channels < 1 || info.samplerate < 1) checked.malformed("a recording without channels or a rate");
  // The header's length is not trusted: blocks are read as long as there are any.
  std::vector<float> samples, block(static_cast<std::size_t>(kBlockOfFrames * info.channels));
  for (;;) {
    const sf_count_t frames = sf_readf_float(file.get(), block.data(), kBlockOfFrames);
    if (frames <= 0) break;
    samples.insert(samples.end(), block.begin(), block.begin() + frames * info.channels);
  }
  const auto frames = static_cast<std::int64_t>(samples.size()) / info.channels;
  if (frames != info.frames)
    checked.malformed("has ", frames, " frames, its header says ", info.frames, " (truncated)");
  Array array(Shape{frames, info.channels}, float32);
  std::copy(samples.begin(), samples.end(), array.data<float>());
  return {std::move(array), info.samplerate};
}

void write_wav(const Path& path, const Array& given, int sampling_rate) {
  const Array samples = require_samples("write_wav", given);
  require<ValueError>(sampling_rate >= 1, "write_wav: expected a sampling_rate of at least 1, got ", sampling_rate);
  AtomicFile target{std::filesystem::path(path)};
  SF_INFO info{};
  info.samplerate = sampling_rate, info.channels = static_cast<int>(samples.shape()[1]);
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  SoundFile file(sf_open(target.temporary().c_str(), SFM_WRITE, &info));
  require<IoError>(file != nullptr, "[", path.string(), "] cannot write: ", sf_strerror(nullptr));
  sf_command(file.get(), SFC_SET_CLIPPING, nullptr, SF_TRUE);
  const sf_count_t written = sf_writef_float(file.get(), samples.data<float>(), samples.rows());
  require<IoError>(written == samples.rows() && sf_close(file.release()) == 0, "[", path.string(),
                   "] cannot write: is the disk full?");
  target.commit();
}

Array resample(const Array& given, int rate_in, int rate_out) {
  const Array samples = require_samples("resample", given);
  require<ValueError>(rate_in >= 1 && rate_out >= 1, "resample: expected rates of at least 1, got ", rate_in, " and ",
                      rate_out);
  if (rate_in == rate_out || samples.rows() == 0) return samples;
  const std::int64_t channels = samples.shape()[1];
  const double ratio = static_cast<double>(rate_out) / rate_in;
  const auto room = static_cast<std::int64_t>(std::ceil(static_cast<double>(samples.rows()) * ratio));
  Array out(Shape{room, channels}, float32);
  SRC_DATA data{};
  data.data_in = samples.data<float>(), data.input_frames = samples.rows();
  data.data_out = out.data<float>(), data.output_frames = room;
  data.src_ratio = ratio;
  const int status = src_simple(&data, SRC_SINC_BEST_QUALITY, static_cast<int>(channels));
  require<ValueError>(status == 0, "resample: from ", rate_in, " to ", rate_out, ": ", src_strerror(status));
  return out.slice(0, data.output_frames_gen).copy();
}

}  // namespace cornu::io::audio
