#pragma once

#include "cornu/keras/layers/layer.h"

// Weights, and the visits of their arguments, of configs that have the arguments of keras/layers/weight_arguments.h.

namespace cornu::keras::layers::internal {

/// Defines `role(config, shape)`: the weight of that name, or of another one, by the config's arguments
/// `role_initializer` and so on.
#define CORNU_WEIGHT(role)                                                                  \
  template <class Config>                                                                   \
  WeightConfig role(const Config& c, const Shape& shape, const std::string& name = #role) { \
    return {.name = name,                                                                   \
            .shape = shape,                                                                 \
            .initializer = c.role##_initializer,                                            \
            .regularizer = c.role##_regularizer,                                            \
            .constraint = c.role##_constraint};                                             \
  }
CORNU_WEIGHT(kernel)
CORNU_WEIGHT(bias)
CORNU_WEIGHT(depthwise)
CORNU_WEIGHT(pointwise)
CORNU_WEIGHT(gamma)
CORNU_WEIGHT(beta)
#undef CORNU_WEIGHT

/// What follows `use_bias`, also by the names of Keras 1, which Keras 2 reads.
template <class Config>
void visit_behind_use_bias(Config& c, ConfigVisitor& v, const FieldForm& activity_regularizer = {}) {
  v("kernel_initializer", c.kernel_initializer, {.also_read = "init"});
  v("bias_initializer", c.bias_initializer);
  v("kernel_regularizer", c.kernel_regularizer, {.also_read = "W_regularizer"});
  v("bias_regularizer", c.bias_regularizer, {.also_read = "b_regularizer"});
  v("activity_regularizer", c.activity_regularizer, activity_regularizer);
  v("kernel_constraint", c.kernel_constraint, {.also_read = "W_constraint"});
  v("bias_constraint", c.bias_constraint, {.also_read = "b_constraint"});
}

/// `use_bias` and what follows.
template <class Config>
void visit_kernel_and_bias(Config& c, ConfigVisitor& v, const FieldForm& activity_regularizer = {}) {
  v("use_bias", c.use_bias, {.also_read = "bias"});
  visit_behind_use_bias(c, v, activity_regularizer);
}

/// The arguments of a weight; CORNU_ROLE(depthwise) are those of a config's members `depthwise_initializer` and so on.
struct Role {
  std::string name;
  Arg<initializers::Initializer>& initializer;
  Arg<regularizers::Regularizer>& regularizer;
  Arg<constraints::Constraint>& constraint;
};
#define CORNU_ROLE(role) \
  { #role, role##_initializer, role##_regularizer, role##_constraint }

/// Visits initializers, regularizers, that of the activity, and constraints, in the order of Keras' signatures.
void visit_weights(ConfigVisitor& v, const std::vector<Role>& roles,
                   Arg<regularizers::Regularizer>& activity_regularizer);

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
