#include "cornu/keras/activations/smooth.h"

#include "cornu/ops/composite/activations.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::activations {

Tensor Sigmoid::operator()(const Tensor& x) const { return ops::sigmoid(x); }
Tensor LogSigmoid::operator()(const Tensor& x) const { return ops::log_sigmoid(x); }
Tensor Tanh::operator()(const Tensor& x) const { return ops::tanh(x); }
Tensor TanhShrink::operator()(const Tensor& x) const { return ops::tanh_shrink(x); }
Tensor Exponential::operator()(const Tensor& x) const { return ops::exp(x); }
Tensor Softplus::operator()(const Tensor& x) const { return ops::softplus(x); }
Tensor Softsign::operator()(const Tensor& x) const { return ops::softsign(x); }
Tensor Squareplus::operator()(const Tensor& x) const { return ops::squareplus(x, b); }
Tensor Elu::operator()(const Tensor& x) const { return ops::elu(x, alpha); }
Tensor Celu::operator()(const Tensor& x) const { return ops::celu(x, alpha); }
Tensor Selu::operator()(const Tensor& x) const { return ops::selu(x); }
Tensor Silu::operator()(const Tensor& x) const { return ops::silu(x); }
Tensor Gelu::operator()(const Tensor& x) const { return ops::gelu(x, approximate); }
Tensor Mish::operator()(const Tensor& x) const { return ops::mish(x); }

namespace {

const bool smooth_registered =
    add_activation<Sigmoid>("sigmoid") && add_activation<LogSigmoid>("log_sigmoid", {}, {.since_keras3 = true}) &&
    add_activation<Tanh>("tanh") && add_activation<TanhShrink>("tanh_shrink", {}, {.since_keras3 = true}) &&
    add_activation<Exponential>("exponential") && add_activation<Softplus>("softplus") &&
    add_activation<Softsign>("softsign") && add_activation<Squareplus>("squareplus", {}, {.since_keras3 = true}) &&
    add_activation<Elu>("elu") && add_activation<Celu>("celu", {}, {.since_keras3 = true}) &&
    add_activation<Selu>("selu") && add_activation<Silu>("silu", {"swish"}, {.keras2_name = "swish"}) &&
    add_activation<Gelu>("gelu") && add_activation<Mish>("mish");

}  // namespace
}  // namespace cornu::keras::activations
