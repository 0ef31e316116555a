#pragma once

#include <string>

#include "cornu/graph/tensor.h"

namespace cornu::ops::image {

using graph::Tensor;

struct ElasticTransformConfig {
  std::string interpolation = "bilinear";  ///< or "nearest"
  /// What lies around a row `a b c d`: "constant" `k k a b c d k k`, "nearest" `a a a b c d d d`, "reflect"
  /// `b a a b c d d c`, "mirror" `c b a b c d c b`, "wrap" `c d a b c d a b`.
  std::string fill_mode = "reflect";
  double fill_value = 0;                      ///< of the mode "constant"
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, height, width)

  /// Throws ValueError, whose text begins with `who`, for unknown words.
  void check(std::string_view who) const;
};

/// Pictures, (batch, height, width, channels), each of whose pixels comes from a place nearby: alpha times smooth noise
/// away, which is normal noise of the deviation sigma, blurred with that sigma, another one for each picture and
/// direction (Simard et al., 2003). `alpha` and `sigma` are float32 of one element, in pixels; `state` is one of random
/// numbers, as ops/native/random.h tells. Float32 and bfloat16. Differentiable by the pictures. Throws ValueError for
/// unknown words, ShapeError for another rank. Keras: `ops.image.elastic_transform`, which moves pixels as far down as
/// to the right.
Tensor elastic_transform(const Tensor& images, const Tensor& alpha, const Tensor& sigma, const Tensor& state,
                         const ElasticTransformConfig& config = {});

}  // namespace cornu::ops::image
