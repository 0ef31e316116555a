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

const bool rectified_registered =
    add_activation<Relu>("relu") && add_activation<LeakyRelu>("leaky_relu") && add_activation<Relu6>("relu6") &&
    add_activation<HardTanh>("hard_tanh", {}, {.since_keras3 = true}) &&
    add_activation<HardSigmoid>("hard_sigmoid", {}, {.since_keras3 = true}) &&
    add_activation<HardSigmoidKeras2>("hard_sigmoid_keras2", {},
                                      {.only_keras2 = true, .keras2_name = "hard_sigmoid"}) &&
    add_activation<HardSilu>("hard_silu", {"hard_swish"}, {.since_keras3 = true}) &&
    add_activation<HardShrink>("hard_shrink", {}, {.since_keras3 = true}) &&
    add_activation<SoftShrink>("soft_shrink", {}, {.since_keras3 = true}) &&
    add_activation<Threshold>("threshold", {}, {.since_keras3 = true}) &&
    add_activation<SparsePlus>("sparse_plus", {}, {.since_keras3 = true}) &&
    add_activation<SparseSigmoid>("sparse_sigmoid", {}, {.since_keras3 = true}) && add_activation<Linear>("linear");

}  // namespace
}  // namespace cornu::keras::activations
