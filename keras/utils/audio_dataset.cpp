#include "cornu/keras/utils/audio_dataset.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/io/audio/audio.h"
#include "cornu/keras/utils/internal/folder_files.h"

namespace cornu::keras::utils {

using graph::require;

namespace {

constexpr const char* kAudioDataset = "audio_dataset_from_directory";

internal::ReadFile audio_reader(const AudioDatasetConfig& c) {
  require<ValueError>(c.sampling_rate.value_or(1) >= 1, kAudioDataset, ": sampling_rate must be at least 1, got ",
                      c.sampling_rate.value_or(1));
  require<ValueError>(c.output_sequence_length.value_or(1) >= 1, kAudioDataset,
                      ": output_sequence_length must be at least 1, got ", c.output_sequence_length.value_or(1));
  require<ValueError>(!c.ragged, kAudioDataset, ": there are no ragged tensors; batches are filled up");
  return [rate = c.sampling_rate, length = c.output_sequence_length](const std::string& path) {
    io::audio::Audio audio = io::audio::read(path);
    Array samples = rate ? io::audio::resample(audio.samples, audio.sampling_rate, *rate) : audio.samples;
    if (!length || samples.rows() == *length) return samples;
    Array fitted = graph::zeros(samples.shape().with(0, *length));
    const std::int64_t kept = std::min<std::int64_t>(*length, samples.rows()) * samples.shape()[1];
    std::copy_n(samples.data<float>(), kept, fitted.data<float>());
    return fitted;
  };
}

}  // namespace

FolderDataset audio_dataset_from_directory(const io::Path& directory, const AudioDatasetConfig& c) {
  return internal::one_dataset(directory.string(), internal::folder_arguments(kAudioDataset, c), {".wav"},
                               audio_reader(c), !c.output_sequence_length);
}

FolderDatasets audio_datasets_from_directory(const io::Path& directory, const AudioDatasetConfig& c) {
  return internal::both_datasets(directory.string(), internal::folder_arguments(kAudioDataset, c), {".wav"},
                                 audio_reader(c), !c.output_sequence_length);
}

}  // namespace cornu::keras::utils
