#pragma once

#include "cornu/ops/native/random.h"

namespace cornu::ops {

// Random numbers of the distributions of keras.random, from a state as ops/native/random.h tells: float32, no gradient.
// Two draws from one state are not independent of one another: move it on in between.
//
//     const Tensor noise = ops::random_normal(state, x.shape(), 0, 0.1);
//     state = ops::random_state_after(state);

/// In [minval, maxval); throws ValueError unless minval <= maxval, both finite. If they are equal, every element is
/// that.
Tensor random_uniform(const Tensor& state, const graph::Shape& shape, double minval, double maxval);
Tensor random_normal(const Tensor& state, const graph::Shape& shape, double mean, double stddev);
/// Normal numbers of which those farther than 2 stddev from the mean are left out.
Tensor random_truncated_normal(const Tensor& state, const graph::Shape& shape, double mean = 0, double stddev = 1);
/// True with the given probabilities, which broadcast to the shape: bool.
Tensor random_bernoulli(const Tensor& state, const graph::Shape& shape, const Tensor& probabilities);
Tensor random_bernoulli(const Tensor& state, const graph::Shape& shape, double probability = 0.5);
/// Classes drawn with the probabilities softmax(logits), for each row on its own: (batch, classes) -> (batch,
/// num_samples), int32.
Tensor random_categorical(const Tensor& state, const Tensor& logits, std::int64_t num_samples);
/// Of the gamma distribution with the shape parameter `alpha`, positive numbers that broadcast to the shape, and the
/// scale 1. Below 1e-38, which small alphas often give, it is 0.
Tensor random_gamma(const Tensor& state, const graph::Shape& shape, const Tensor& alpha);
/// Of the beta distribution, between 0 and 1: near both ends for small alpha and beta, near the middle for large ones.
Tensor random_beta(const Tensor& state, const graph::Shape& shape, const Tensor& alpha, const Tensor& beta);
/// x with its parts along an axis in random order. Any dtype; differentiable by x.
Tensor random_shuffle(const Tensor& state, const Tensor& x, int axis = 0);

}  // namespace cornu::ops
