#pragma once

#include <vector>

#include "cornu/keras/layers/keras_tensor.h"

/// Changes of shape on Keras' symbolic tensors: each is a layer of the graph, by the name of Keras' operation.
namespace cornu::ops {

using keras::KerasTensor;

/// With the batch axis in front, for which -1 stands: `ops::reshape(x, {-1, 4, 4})`.
CORNU_EXPORT KerasTensor reshape(const KerasTensor& x, const graph::Shape& shape);
CORNU_EXPORT KerasTensor transpose(const KerasTensor& x, const std::vector<int>& axes = {});
CORNU_EXPORT KerasTensor expand_dims(const KerasTensor& x, int axis);
CORNU_EXPORT KerasTensor squeeze(const KerasTensor& x, int axis);

}  // namespace cornu::ops
