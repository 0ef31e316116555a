#pragma once

#include <concepts>

#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

struct EinsumDenseConfig {
  std::string equation = "";            ///< "ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac..."; required
  Shape output_shape = Shape::unset();  ///< without the batch's axis and those of "..."; required
  Arg<activations::Activation> activation = nullptr;
  std::string bias_axes = "";  ///< the output's letters along which a bias varies; empty: there is no bias
  CORNU_ARGUMENTS_BEHIND_USE_BIAS(kernel);
  std::optional<int> lora_rank = std::nullopt;  ///< not supported: an error
  std::optional<double> lora_alpha = std::nullopt;
  CORNU_LAYER_CONFIG(EinsumDenseConfig);
};

/// `activation(einsum(equation, x, kernel) + bias)`. The output's first axis is the batch's; `output_shape` has the
/// lengths of the others that bear letters, kUnknown for one that the input has or that no weight needs. Weights:
/// kernel, with the lengths that input and output have along its letters; bias, if there are bias_axes, of the output's
/// shape from the first of them on, with length 1 along other axes. Throws ValueError for an equation of another form
/// or letters that stand nowhere else, and for lora_rank; ShapeError for an input that does not fit the equation or
/// contradicts output_shape, and for a weight of unknown length. Keras: `layers.EinsumDense`.
///
///     EinsumDense("abc,cd->abd", {kUnknown, 64}, {.bias_axes = "d"})       // Dense(64) for each step
///     EinsumDense("...x,xy->...y", 64, {.activation = "relu", .bias_axes = "y"})
///     EinsumDense("abc,cde->abde", {kUnknown, 8, 16}, {.bias_axes = "de"}) // eight heads
class EinsumDense : public Layer::Of<EinsumDenseConfig> {
 public:
  using Handle::Handle;
  /// Throws ValueError if the config has others.
  EinsumDense(std::string equation, const Shape& output_shape, EinsumDenseConfig config = {});
  template <std::integral Length>
  EinsumDense(std::string equation, Length output_length, EinsumDenseConfig config = {})
      : EinsumDense(std::move(equation), Shape{output_length}, std::move(config)) {}
};

}  // namespace cornu::keras::layers
