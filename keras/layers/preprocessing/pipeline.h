#pragma once

#include <initializer_list>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct PipelineConfig {
  std::vector<Arg<Layer>> layers = {};
  CORNU_LAYER_CONFIG(PipelineConfig);
};

/// Layers one after the other as one layer, for steps of preprocessing; masks go from each to the next. Without layers
/// nothing happens. Throws ValueError for an empty handle. Keras: `layers.Pipeline`.
///
/// `Pipeline({RandomFlip("horizontal"), RandomRotation(0.1), Rescaling(1. / 255)})`.
class Pipeline : public Layer::Of<PipelineConfig> {
 public:
  using Handle::Handle;
  explicit Pipeline(std::initializer_list<Shared<Layer>> layers, PipelineConfig config = {});
};

}  // namespace cornu::keras::layers
