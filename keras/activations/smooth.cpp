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

const bool registered =
    registry().add<NamedActivation<Sigmoid>, Sigmoid>("sigmoid") &&
    registry().add<NamedActivation<LogSigmoid>, LogSigmoid>("log_sigmoid") &&
    registry().add<NamedActivation<Tanh>, Tanh>("tanh") &&
    registry().add<NamedActivation<TanhShrink>, TanhShrink>("tanh_shrink") &&
    registry().add<NamedActivation<Exponential>, Exponential>("exponential") &&
    registry().add<NamedActivation<Softplus>, Softplus>("softplus") &&
    registry().add<NamedActivation<Softsign>, Softsign>("softsign") &&
    registry().add<NamedActivation<Squareplus>, Squareplus>("squareplus") &&
    registry().add<NamedActivation<Elu>, Elu>("elu") && registry().add<NamedActivation<Celu>, Celu>("celu") &&
    registry().add<NamedActivation<Selu>, Selu>("selu") &&
    registry().add<NamedActivation<Silu>, Silu>("silu", {"swish"}) &&
    registry().add<NamedActivation<Gelu>, Gelu>("gelu") && registry().add<NamedActivation<Mish>, Mish>("mish");

}  // namespace
}  // namespace cornu::keras::activations
