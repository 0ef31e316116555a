#pragma once

#include <cstdint>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::audio {

/// A recording: `samples` float32 (frames, channels), -1 to 1, and how many frames make a second.
struct Audio {
  graph::Array samples;
  int sampling_rate = 0;
};

/// Reads a WAV file of 8 to 32 bits or of floating numbers (also FLAC, AIFF and what else libsndfile knows; told by its
/// content). Whole numbers are divided by 2^(bits - 1), as by `tf.audio.decode_wav`.
///
///     auto [samples, rate] = io::audio::read("yes.wav");   // (16000, 1), 16000
///
/// Throws IoError if the file cannot be opened, FormatError if it is no recording, damaged, or shorter than it says.
Audio read(const Path& path);

/// Writes float32 (frames,) or (frames, channels) as a WAV file of 16 bits, which appears whole or not at all; what is
/// beyond -1 and 1 is cut. Throws TypeError, ShapeError, ValueError for a sampling_rate below 1, IoError.
void write_wav(const Path& path, const graph::Array& samples, int sampling_rate);

/// Another number of frames a second, by libsamplerate's best windowed sinc: what the new rate cannot hold is left out.
/// Throws ValueError for a rate below 1, and for rates that differ more than 256 times.
graph::Array resample(const graph::Array& samples, int rate_in, int rate_out);

}  // namespace cornu::io::audio
