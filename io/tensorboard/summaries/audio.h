#pragma once

#include <string_view>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

struct AudioConfig {
  int max_outputs = 3;  ///< of several sounds, so many are written
  Description about = {};
};

/// Sounds as 16-bit WAV: (frames,), (frames, channels) or (sounds, frames, channels) of floating numbers from -1 to 1,
/// clipped; NaN is silence. `sample_rate` in frames a second. Throws ShapeError (no frames, or more channels than a WAV
/// file can have), TypeError, ValueError (the rate, max_outputs, sounds beyond the 4 GB of a WAV file).
///
///     w.audio("a4", tone, 44100, step);   // tone: 44100 frames of sin(2 pi 440 t / 44100)
Summary audio(std::string_view tag, const graph::Array& samples, int sample_rate, const AudioConfig& config = {});

}  // namespace cornu::io::tensorboard::summaries
