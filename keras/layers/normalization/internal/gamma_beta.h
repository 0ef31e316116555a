#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers::internal {

// Of a config with `beta_initializer`, `gamma_initializer` and so on.

template <class Config>
WeightConfig gamma(const Config& c, const Shape& shape) {
  return {.name = "gamma",
          .shape = shape,
          .initializer = c.gamma_initializer,
          .regularizer = c.gamma_regularizer,
          .constraint = c.gamma_constraint};
}

template <class Config>
WeightConfig beta(const Config& c, const Shape& shape) {
  return {.name = "beta",
          .shape = shape,
          .initializer = c.beta_initializer,
          .regularizer = c.beta_regularizer,
          .constraint = c.beta_constraint};
}

template <class Config>
void visit_initializers(Config& c, ConfigVisitor& v) {
  v("beta_initializer", c.beta_initializer);
  v("gamma_initializer", c.gamma_initializer);
}

template <class Config>
void visit_regularizers_and_constraints(Config& c, ConfigVisitor& v) {
  v("beta_regularizer", c.beta_regularizer);
  v("gamma_regularizer", c.gamma_regularizer);
  v("beta_constraint", c.beta_constraint);
  v("gamma_constraint", c.gamma_constraint);
}

}  // namespace cornu::keras::layers::internal
