#include "cornu/keras/activations/along_axis.h"

#include "cornu/ops/composite/activations.h"
#include "cornu/ops/softmax.h"

namespace cornu::keras::activations {

Tensor Softmax::operator()(const Tensor& x) const { return ops::softmax(x, axis); }
Tensor LogSoftmax::operator()(const Tensor& x) const { return ops::log_softmax(x, axis); }
Tensor Sparsemax::operator()(const Tensor& x) const { return ops::sparsemax(x, axis); }
Tensor Glu::operator()(const Tensor& x) const { return ops::glu(x, axis); }

namespace {

const bool registered = registry().add<NamedActivation<Softmax>, Softmax>("softmax") &&
                        registry().add<NamedActivation<LogSoftmax>, LogSoftmax>("log_softmax") &&
                        registry().add<NamedActivation<Sparsemax>, Sparsemax>("sparsemax") &&
                        registry().add<NamedActivation<Glu>, Glu>("glu");

}  // namespace
}  // namespace cornu::keras::activations
