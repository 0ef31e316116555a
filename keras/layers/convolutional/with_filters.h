#pragma once

#include <utility>

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/literal.h"
#include "cornu/ops/per_axis.h"

namespace cornu::keras::layers {

using ops::PerAxis;

/// Puts the first two arguments into a config. Throws ValueError naming the class if it has other numbers.
void give_filters(const char* class_name, int filters, PerAxis kernel_size, int& config_filters,
                  PerAxis& config_kernel_size);

/// The name that users write for a layer whose first arguments are `filters` and `kernel_size`; kName is Keras' class
/// name.
///
///     Conv2D(32, 3, {.activation = "relu"}), Conv2D(32, {3, 5}), Conv2D({.filters = 32, .kernel_size = 3})
template <Literal kName, class Config>
class WithFilters : public Handle<Configured<Layer, Config>, Config> {
 public:
  using Handle<Configured<Layer, Config>, Config>::Handle;
  /// Throws ValueError if the config has other numbers.
  explicit WithFilters(int filters, PerAxis kernel_size, Config config = {})
      : WithFilters((give_filters(kName.text, filters, std::move(kernel_size), config.filters, config.kernel_size),
                     std::move(config))) {}
};

}  // namespace cornu::keras::layers
