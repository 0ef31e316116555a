#include "cornu/keras/activations/rectified.h"

#include <limits>

#include "cornu/ops/composite/activations.h"
#include "cornu/ops/eltwise.h"

namespace cornu::keras::activations {

Tensor Relu::operator()(const Tensor& x) const {
  if (negative_slope == 0 && !max_value && threshold == 0) return ops::relu(x);
  return ops::relu(x, negative_slope, max_value.value_or(std::numeric_limits<double>::infinity()), threshold);
}
Tensor LeakyRelu::operator()(const Tensor& x) const { return ops::leaky_relu(x, negative_slope); }
Tensor Relu6::operator()(const Tensor& x) const { return ops::relu6(x); }
Tensor HardTanh::operator()(const Tensor& x) const { return ops::hard_tanh(x); }
Tensor HardSigmoid::operator()(const Tensor& x) const { return ops::hard_sigmoid(x); }
Tensor HardSigmoidKeras2::operator()(const Tensor& x) const { return ops::hard_sigmoid_keras2(x); }
Tensor HardSilu::operator()(const Tensor& x) const { return ops::hard_silu(x); }
Tensor HardShrink::operator()(const Tensor& x) const { return ops::hard_shrink(x, threshold); }
Tensor SoftShrink::operator()(const Tensor& x) const { return ops::soft_shrink(x, threshold); }
Tensor Threshold::operator()(const Tensor& x) const { return ops::threshold(x, threshold, default_value); }
Tensor SparsePlus::operator()(const Tensor& x) const { return ops::sparse_plus(x); }
Tensor SparseSigmoid::operator()(const Tensor& x) const { return ops::sparse_sigmoid(x); }
Tensor Linear::operator()(const Tensor& x) const { return x; }

namespace {

const bool registered = registry().add<NamedActivation<Relu>, Relu>("relu") &&
                        registry().add<NamedActivation<LeakyRelu>, LeakyRelu>("leaky_relu") &&
                        registry().add<NamedActivation<Relu6>, Relu6>("relu6") &&
                        registry().add<NamedActivation<HardTanh>, HardTanh>("hard_tanh") &&
                        registry().add<NamedActivation<HardSigmoid>, HardSigmoid>("hard_sigmoid") &&
                        registry().add<NamedActivation<HardSigmoidKeras2>, HardSigmoidKeras2>("hard_sigmoid_keras2") &&
                        registry().add<NamedActivation<HardSilu>, HardSilu>("hard_silu", {"hard_swish"}) &&
                        registry().add<NamedActivation<HardShrink>, HardShrink>("hard_shrink") &&
                        registry().add<NamedActivation<SoftShrink>, SoftShrink>("soft_shrink") &&
                        registry().add<NamedActivation<Threshold>, Threshold>("threshold") &&
                        registry().add<NamedActivation<SparsePlus>, SparsePlus>("sparse_plus") &&
                        registry().add<NamedActivation<SparseSigmoid>, SparseSigmoid>("sparse_sigmoid") &&
                        registry().add<NamedActivation<Linear>, Linear>("linear");

}  // namespace
}  // namespace cornu::keras::activations
