#pragma once

#include <concepts>
#include <initializer_list>
#include <utility>

#include "cornu/keras/layers/layer.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

/// Layers whose first argument is one number for each axis. An object that is called, not a class: among constructors,
/// g++ 12 takes `{.pool_size = {2, 2}}` for a list as well.
///
///     MaxPooling2D(), MaxPooling2D(2), MaxPooling2D({2, 3}), MaxPooling2D(2, {.strides = 1}),
///     MaxPooling2D({.pool_size = {2, 2}, .padding = "same"})
template <class Config, PerAxis Config::*first>
struct FirstPerAxis {
  Layer::Of<Config> operator()(Config config = {}) const { return {std::move(config)}; }
  Layer::Of<Config> operator()(int all, Config config = {}) const {
    config.*first = all;
    return {std::move(config)};
  }
  template <std::same_as<int> Length>
  Layer::Of<Config> operator()(std::initializer_list<Length> each, Config config = {}) const {
    config.*first = each;
    return {std::move(config)};
  }
};

}  // namespace cornu::keras::layers
