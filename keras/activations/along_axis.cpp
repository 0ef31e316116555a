#include "cornu/keras/activations/along_axis.h"

#include "cornu/ops/composite/activations.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::activations {

Tensor Softmax::operator()(const Tensor& x) const { return ops::softmax(x, axis); }
Tensor LogSoftmax::operator()(const Tensor& x) const { return ops::log_softmax(x, axis); }
Tensor Sparsemax::operator()(const Tensor& x) const { return ops::sparsemax(x, axis); }
Tensor Glu::operator()(const Tensor& x) const { return ops::glu(x, axis); }

namespace {

const bool along_axis_registered = add_activation<Softmax>("softmax") && add_activation<LogSoftmax>("log_softmax") &&
                                   add_activation<Sparsemax>("sparsemax", {}, {.since_keras3 = true}) &&
                                   add_activation<Glu>("glu", {}, {.since_keras3 = true});

}  // namespace
}  // namespace cornu::keras::activations
