#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct SpectralNormalizationConfig {
  Arg<Layer> layer = nullptr;  ///< required: one with a kernel (Dense, Conv2D, …) or embeddings
  int power_iterations = 1;    ///< in each training step
  CORNU_LAYER_CONFIG(SpectralNormalizationConfig);
  using positional = Positions<&SpectralNormalizationConfig::layer>;
};

/// A layer whose kernel is kept at a spectral norm of about 1 (Miyato et al., "Spectral Normalization for Generative
/// Adversarial Networks"): before it is used in training, the kernel, as a matrix of its last axis by all others, is
/// divided by its largest singular value, which power iterations on the vector u approach. A kernel of zeros stays. The
/// optimizer's step then changes the divided kernel. In inference the layer is used as it is.
///
/// Weights: the layer's kernel, vector_u (1, the kernel's last length; not trained), the layer's others. Throws
/// ValueError without a layer, for power_iterations below 1, and for a layer with neither kernel nor embeddings. Keras:
/// `layers.SpectralNormalization`.
///
/// `SpectralNormalization(layers::Conv2D(64, 3))`.
using SpectralNormalization = Layer::Of<SpectralNormalizationConfig>;

}  // namespace cornu::keras::layers
