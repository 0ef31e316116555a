#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/literal.h"

namespace cornu::keras::layers {

/// Arguments of the poolings of everything; kName is "GlobalMaxPooling" or "GlobalAveragePooling".
template <Literal kName, int kAxes>
struct GlobalPoolingConfig {
  std::string data_format = "channels_last";  ///< or "channels_first": (batch, channels, …)
  bool keepdims = false;                      ///< the pooled axes stay with length 1
  CORNU_LAYER_CONFIG(GlobalPoolingConfig);
};

/// The largest number of each channel: (batch, …, channels) -> (batch, channels). Throws ValueError for an unknown
/// data_format, ShapeError for another rank. Keras: `layers.GlobalMaxPooling1D`, `GlobalMaxPooling2D`,
/// `GlobalMaxPooling3D`.
using GlobalMaxPooling1D = Layer::Of<GlobalPoolingConfig<"GlobalMaxPooling", 1>>;
using GlobalMaxPooling2D = Layer::Of<GlobalPoolingConfig<"GlobalMaxPooling", 2>>;
using GlobalMaxPooling3D = Layer::Of<GlobalPoolingConfig<"GlobalMaxPooling", 3>>;
/// The mean of each channel, of one axis over the steps that are not masked; else as GlobalMaxPooling. Keras:
/// `layers.GlobalAveragePooling1D`, `GlobalAveragePooling2D`, `GlobalAveragePooling3D`.
using GlobalAveragePooling1D = Layer::Of<GlobalPoolingConfig<"GlobalAveragePooling", 1>>;
using GlobalAveragePooling2D = Layer::Of<GlobalPoolingConfig<"GlobalAveragePooling", 2>>;
using GlobalAveragePooling3D = Layer::Of<GlobalPoolingConfig<"GlobalAveragePooling", 3>>;

}  // namespace cornu::keras::layers
