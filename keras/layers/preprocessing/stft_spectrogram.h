#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct STFTSpectrogramConfig {
  std::string mode = "log";  ///< or "magnitude", "psd", "real", "imag", "angle", "stft": see the layer
  int frame_length = 256;    ///< samples in a frame
  std::optional<int> frame_step = std::nullopt;  ///< samples from frame to frame; none: half of frame_length
  std::optional<int> fft_length = std::nullopt;  ///< of the transform; none: the next power of two from frame_length on
  std::string window = "hann";                   ///< or "hamming", "blackman", "boxcar"; "": none
  bool periodic = false;                         ///< whether the window is as of an endless row of frames
  std::string scaling = "density";               ///< the window by its L2 norm, "spectrum": by its sum; "": not
  std::string padding = "valid";                 ///< or "same"
  bool expand_dims = false;                      ///< whether frequencies and channels have an axis each
  std::string data_format = "channels_last";     ///< or "channels_first": (batch, channels, samples)
  CORNU_LAYER_CONFIG(STFTSpectrogramConfig);
};

/// The short-time Fourier transform of sound by a convolution, whose kernels can be trained: (batch, samples, channels)
/// -> (batch, frames, channels * frequencies), where frequencies are fft_length / 2 + 1; with expand_dims (batch,
/// frames, frequencies, channels). Channels first: (batch, channels * frequencies, frames), (batch, channels, frames,
/// frequencies). The mode says what of the complex numbers comes out: the logarithm of their magnitude, the magnitude,
/// the power with both sides of the spectrum, the real or imaginary side, the angle, or both sides ("stft": twice the
/// frequencies). Weights: real_kernel and imag_kernel (frame_length, 1, frequencies), those that the mode needs. Floats
/// come out. Throws ValueError for unknown words and for lengths and steps that are not positive or do not fit,
/// ShapeError for another rank. Keras: `layers.STFTSpectrogram`.
///
/// `STFTSpectrogram({.mode = "magnitude", .frame_length = 512, .frame_step = 128})`.
using STFTSpectrogram = Layer::Of<STFTSpectrogramConfig>;

}  // namespace cornu::keras::layers
