#pragma once

#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::regularizers {

struct L1Config {
  double l1 = 0.01;
  using positional = Positions<&L1Config::l1>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& x) const;
};

/// `l1 * sum(|x|)`. Throws ValueError for a factor that is negative or not finite.
using L1 = Regularizer::Of<L1Config>;

struct L2Config {
  double l2 = 0.01;
  using positional = Positions<&L2Config::l2>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& x) const;
};

/// `l2 * sum(x^2)`. Throws ValueError for a factor that is negative or not finite.
using L2 = Regularizer::Of<L2Config>;

struct L1L2Config {
  double l1 = 0;
  double l2 = 0;
  using positional = Positions<&L1L2Config::l1, &L1L2Config::l2>;
  void fields(ConfigVisitor& v);
  void check() const;
  Tensor operator()(const Tensor& x) const;
};

/// `l1 * sum(|x|) + l2 * sum(x^2)`. By name, "l1_l2" has 0.01 for both, as in Keras 2.
using L1L2 = Regularizer::Of<L1L2Config>;

// As Keras' functions: `.kernel_regularizer = regularizers::l2(0.0001)`.
CORNU_EXPORT L1 l1(double factor = 0.01);
CORNU_EXPORT L2 l2(double factor = 0.01);
CORNU_EXPORT L1L2 l1_l2(L1L2Config config = {});

}  // namespace cornu::keras::regularizers
