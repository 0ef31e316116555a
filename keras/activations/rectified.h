#pragma once

#include <optional>

#include "cornu/keras/activations/activation.h"

namespace cornu::keras::activations {

// Keras' activation functions, relu and its relatives: linear in pieces.
// Of float32 tensors; each keeps the shape. Arguments and defaults are those of keras.activations 3.15.

/// `max(x, 0)`; below `threshold` it is `negative_slope * (x - threshold)`, and it never exceeds `max_value`.
struct Relu {
  double negative_slope = 0;
  std::optional<double> max_value = std::nullopt;
  double threshold = 0;
  void fields(ConfigVisitor& v) {
    v("negative_slope", negative_slope);
    v("max_value", max_value);
    v("threshold", threshold);
  }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Relu> relu{};

/// x where positive, `negative_slope * x` elsewhere.
struct LeakyRelu {
  double negative_slope = 0.2;
  void fields(ConfigVisitor& v) { v("negative_slope", negative_slope); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<LeakyRelu> leaky_relu{};

/// `min(max(x, 0), 6)`.
struct Relu6 : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Relu6> relu6{};

/// x clipped to [-1, 1].
struct HardTanh : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<HardTanh> hard_tanh{};

/// `relu6(x + 3) / 6`. Keras 2 has another function of this name: `hard_sigmoid_keras2`.
struct HardSigmoid : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<HardSigmoid> hard_sigmoid{};

/// `clip(0.2 x + 0.5, 0, 1)`: what files of Keras 2 call hard_sigmoid.
struct HardSigmoidKeras2 : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<HardSigmoidKeras2> hard_sigmoid_keras2{};

/// `x relu6(x + 3) / 6`.
struct HardSilu : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<HardSilu> hard_silu{};
inline constexpr NamedFunction<HardSilu> hard_swish{};

/// x where `|x| > threshold`, 0 elsewhere.
struct HardShrink {
  double threshold = 0.5;
  void fields(ConfigVisitor& v) { v("threshold", threshold); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<HardShrink> hard_shrink{};

/// x moved towards 0 by `threshold`, 0 where it is nearer.
struct SoftShrink {
  double threshold = 0.5;
  void fields(ConfigVisitor& v) { v("threshold", threshold); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<SoftShrink> soft_shrink{};

/// x where `x > threshold`, `default_value` elsewhere.
struct Threshold {
  double threshold = 0;
  double default_value = 0;
  void fields(ConfigVisitor& v) {
    v("threshold", threshold);
    v("default_value", default_value);
  }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Threshold> threshold{};

/// 0 below -1, `(x + 1)^2 / 4` between, x above 1.
struct SparsePlus : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<SparsePlus> sparse_plus{};

/// `(x + 1) / 2` clipped to [0, 1].
struct SparseSigmoid : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<SparseSigmoid> sparse_sigmoid{};

/// x itself.
struct Linear : NoArguments {
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Linear> linear{};

}  // namespace cornu::keras::activations
