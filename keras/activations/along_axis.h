#pragma once

#include "cornu/keras/activations/activation.h"

namespace cornu::keras::activations {

// Keras' activation functions, functions of all elements along one axis.
// Of float32 tensors; each keeps the shape but for glu. Arguments and defaults are those of keras.activations 3.15.

/// `exp(x) / sum(exp(x))`: probabilities.
struct Softmax {
  int axis = -1;
  void fields(ConfigVisitor& v) { v("axis", axis); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Softmax> softmax{};

/// The logarithm of softmax.
struct LogSoftmax {
  int axis = -1;
  void fields(ConfigVisitor& v) { v("axis", axis); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<LogSoftmax> log_softmax{};

/// The projection onto probabilities (Martins & Astudillo, 2016): many are exactly 0.
struct Sparsemax {
  int axis = -1;
  void fields(ConfigVisitor& v) { v("axis", axis); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Sparsemax> sparsemax{};

/// The first half along the axis times the sigmoid of the second: half as long.
struct Glu {
  int axis = -1;
  void fields(ConfigVisitor& v) { v("axis", axis); }
  Tensor operator()(const Tensor& x) const;
};
inline constexpr NamedFunction<Glu> glu{};

}  // namespace cornu::keras::activations
