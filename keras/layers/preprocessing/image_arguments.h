#pragma once

#include "cornu/keras/layers/layer.h"

/// What ends the configs of layers on pictures.
#define CORNU_IMAGE_ARGUMENTS(Config)                                                                    \
  std::string data_format = "channels_last"; /* or "channels_first": (batch, channels, height, width) */ \
  CORNU_LAYER_ARGUMENTS;                                                                                 \
  void fields(::cornu::keras::ConfigVisitor& v);                                                         \
  ::cornu::keras::Made<::cornu::keras::layers::Layer, Config> make() const

/// The same of those that draw random numbers. Keras has the seed in front of the data format in some, behind it in
/// others.
#define CORNU_RANDOM_IMAGE_ARGUMENTS(Config)       \
  std::optional<std::int64_t> seed = std::nullopt; \
  CORNU_IMAGE_ARGUMENTS(Config)
#define CORNU_IMAGE_ARGUMENTS_AND_SEED(Config)                                                           \
  std::string data_format = "channels_last"; /* or "channels_first": (batch, channels, height, width) */ \
  std::optional<std::int64_t> seed = std::nullopt;                                                       \
  CORNU_LAYER_ARGUMENTS;                                                                                 \
  void fields(::cornu::keras::ConfigVisitor& v);                                                         \
  ::cornu::keras::Made<::cornu::keras::layers::Layer, Config> make() const
