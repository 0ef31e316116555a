#pragma once

#include "cornu/keras/configured.h"
#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::regularizers {

struct L1Config {
  double l1 = 0.01;
  using positional = Positions<&L1Config::l1>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// `l1 * sum(|x|)`. Throws ValueError for a factor that is negative or not finite.
class CORNU_EXPORT L1 final : public Configured<Regularizer, L1Config> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& x) const override;
};

struct L2Config {
  double l2 = 0.01;
  using positional = Positions<&L2Config::l2>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// `l2 * sum(x^2)`. Throws ValueError for a factor that is negative or not finite.
class CORNU_EXPORT L2 final : public Configured<Regularizer, L2Config> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& x) const override;
};

struct L1L2Config {
  double l1 = 0;
  double l2 = 0;
  using positional = Positions<&L1L2Config::l1, &L1L2Config::l2>;
  void fields(ConfigVisitor& v);
  void check() const;
};

/// `l1 * sum(|x|) + l2 * sum(x^2)`. By name, "l1_l2" has 0.01 for both, as in Keras 2.
class CORNU_EXPORT L1L2 final : public Configured<Regularizer, L1L2Config> {
 public:
  using Configured::Configured;
  Tensor operator()(const Tensor& x) const override;
};

// As Keras' functions: `.kernel_regularizer = regularizers::l2(0.0001)`.
inline L1 l1(double factor = 0.01) { return L1(factor); }
inline L2 l2(double factor = 0.01) { return L2(factor); }
inline L1L2 l1_l2(L1L2Config config = {}) { return L1L2(config); }

}  // namespace cornu::keras::regularizers
