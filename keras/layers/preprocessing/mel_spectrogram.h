#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct MelSpectrogramConfig {
  int fft_length = 2048;                              ///< samples in a frame, filled up with zeros at both ends
  int sequence_stride = 512;                          ///< samples from frame to frame
  std::optional<int> sequence_length = std::nullopt;  ///< samples that the window lets through; none: fft_length
  std::string window = "hann";                        ///< or "hamming"; "": none
  int sampling_rate = 16000;                          ///< samples in a second
  int num_mel_bins = 128;
  double min_freq = 20.0;                         ///< of the lowest bin, in hertz
  std::optional<double> max_freq = std::nullopt;  ///< of the highest one; none: half of the sampling rate
  bool power_to_db = true;                        ///< decibels come out
  double top_db = 80.0;      ///< nothing is more below the loudest number of the whole batch than that
  double mag_exp = 2.0;      ///< magnitudes are raised to this: 1 for the magnitude, 2 for the power
  double min_power = 1e-10;  ///< what is less counts as this
  double ref_power = 1.0;    ///< what is 0 decibels
  CORNU_LAYER_CONFIG(MelSpectrogramConfig);
};

/// Sound as its loudness in bands that are as wide as the ear hears, over time: samples (batch, samples), or of one
/// recording, become (batch, num_mel_bins, frames), with frames around each sequence_stride-th sample; beyond the ends
/// the sound is reflected. Floats come out. Throws ValueError for lengths, rates and numbers that are not positive, a
/// sequence_length above fft_length and an unknown window, ShapeError for another rank. Keras: `layers.MelSpectrogram`.
///
/// `MelSpectrogram({.fft_length = 1024, .sampling_rate = 44100, .num_mel_bins = 80})`.
using MelSpectrogram = Layer::Of<MelSpectrogramConfig>;

}  // namespace cornu::keras::layers
