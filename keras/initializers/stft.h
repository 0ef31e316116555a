#pragma once

#include <string>

#include "cornu/keras/initializers/initializer.h"

namespace cornu::keras::initializers {

struct StftConfig {
  std::string side = "real";        ///< or "imag"
  std::string window = "hann";      ///< or "hamming", "blackman", "boxcar"; "": none
  std::string scaling = "density";  ///< the window by its L2 norm, "spectrum": by its sum; "": not
  bool periodic = false;
  void fields(ConfigVisitor& v);
  void check() const;
  Array operator()(const Shape& shape, Generator& rng) const;
};

/// The kernel of a convolution that computes the real or the imaginary side of a short-time Fourier transform: shape
/// (frame length, 1, frequencies). Throws ValueError for other ranks and names.
using STFT = Initializer::Of<StftConfig>;

}  // namespace cornu::keras::initializers
