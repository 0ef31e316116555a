#pragma once

#include "cornu/keras/layers/keras_tensor.h"

/// Functions of one element on Keras' symbolic tensors: each is a layer of the graph, by the name of Keras' operation.
namespace cornu::ops {

using keras::KerasTensor;

CORNU_EXPORT KerasTensor negative(const KerasTensor& x);
CORNU_EXPORT KerasTensor abs(const KerasTensor& x);
CORNU_EXPORT KerasTensor exp(const KerasTensor& x);
CORNU_EXPORT KerasTensor log(const KerasTensor& x);
CORNU_EXPORT KerasTensor sqrt(const KerasTensor& x);
CORNU_EXPORT KerasTensor square(const KerasTensor& x);
CORNU_EXPORT KerasTensor sin(const KerasTensor& x);
CORNU_EXPORT KerasTensor cos(const KerasTensor& x);
CORNU_EXPORT KerasTensor tanh(const KerasTensor& x);
CORNU_EXPORT KerasTensor relu(const KerasTensor& x);
CORNU_EXPORT KerasTensor relu6(const KerasTensor& x);
CORNU_EXPORT KerasTensor sigmoid(const KerasTensor& x);
CORNU_EXPORT KerasTensor softplus(const KerasTensor& x);
CORNU_EXPORT KerasTensor softsign(const KerasTensor& x);
CORNU_EXPORT KerasTensor silu(const KerasTensor& x);
CORNU_EXPORT KerasTensor selu(const KerasTensor& x);
CORNU_EXPORT KerasTensor elu(const KerasTensor& x, double alpha = 1);
/// As Keras' `ops.gelu`, whose default is the tanh form. (Keras' activation "gelu" is the exact one.)
CORNU_EXPORT KerasTensor gelu(const KerasTensor& x, bool approximate = true);
CORNU_EXPORT KerasTensor softmax(const KerasTensor& x, int axis = -1);
CORNU_EXPORT KerasTensor cast(const KerasTensor& x, graph::DType dtype);

}  // namespace cornu::ops
