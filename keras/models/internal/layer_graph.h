#pragma once

#include "cornu/keras/models/wiring.h"

namespace cornu::keras {

/// A graph of layers as a field of a config: what files hold as `layers`, `input_layers` and `output_layers`.
class LayerGraph {
 public:
  LayerGraph() = default;
  LayerGraph(KerasTensors inputs, KerasTensors outputs, const models::Wiring& wiring)
      : inputs(std::move(inputs)), outputs(std::move(outputs)), wiring(&wiring) {}

  KerasTensors inputs, outputs;            ///< with names, if they were given by name
  const models::Wiring* wiring = nullptr;  ///< for writing
};

}  // namespace cornu::keras
