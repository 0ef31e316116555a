#pragma once

#include <optional>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard {

/// A layer's weight as images (images, height, width, channels), much as Keras' TensorBoard callback shapes it with
/// `write_images`: without axes of length 1, then
///
///   - (n,), a bias: one image n wide (Keras makes it n high and 1 wide, which the page shows as an endless column);
///   - (inputs, outputs), a Dense kernel: one image, turned so that it is at least as wide as high;
///     in both, rows are repeated if it is at least 16 times as wide as high, so that its height becomes about an
///     eighth of its width;
///   - (height, width, kernels): an image for each kernel;
///   - four axes, of which the last is 1, 3 or 4 long: as they are.
///
/// Nothing for other shapes, empty weights and those of integers. Values are unchanged: show them with `rescale`.
///
///     if (auto images = weight_images(kernel.value())) w.image("dense/kernel/image", *images, epoch, {.rescale =
///     true});
std::optional<graph::Array> weight_images(const graph::Array& weight);

}  // namespace cornu::io::tensorboard
