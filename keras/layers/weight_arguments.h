#pragma once

#include "cornu/keras/layers/layer.h"

// The arguments of a layer's weights, which stand in many configs in one order.

/// Of a layer with a kernel and a bias: Dense, the convolutions. `kernel` is the prefix of the kernel's arguments.
#define CORNU_KERNEL_AND_BIAS_ARGUMENTS(kernel) \
  bool use_bias = true;                         \
  CORNU_ARGUMENTS_BEHIND_USE_BIAS(kernel)

/// The same of one that says otherwise whether it has a bias.
#define CORNU_ARGUMENTS_BEHIND_USE_BIAS(kernel)                                                           \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> kernel##_initializer = "glorot_uniform"; \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> bias_initializer = "zeros";              \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> kernel##_regularizer = nullptr;          \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> bias_regularizer = nullptr;              \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> activity_regularizer = nullptr;          \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> kernel##_constraint = nullptr;             \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> bias_constraint = nullptr

/// Of a normalization: what follows `center` and `scale`, in two parts, for between them come others'.
#define CORNU_BETA_AND_GAMMA_INITIALIZERS                                                    \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> beta_initializer = "zeros"; \
  ::cornu::keras::Arg<::cornu::keras::initializers::Initializer> gamma_initializer = "ones"
#define CORNU_BETA_AND_GAMMA_REGULARIZERS_AND_CONSTRAINTS                                     \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> beta_regularizer = nullptr;  \
  ::cornu::keras::Arg<::cornu::keras::regularizers::Regularizer> gamma_regularizer = nullptr; \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> beta_constraint = nullptr;     \
  ::cornu::keras::Arg<::cornu::keras::constraints::Constraint> gamma_constraint = nullptr
