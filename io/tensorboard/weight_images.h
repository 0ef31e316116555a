#pragma once

#include <optional>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard {

/// A layer's weight as images (images, height, width, channels), much as Keras' TensorBoard callback shapes it with
/// `write_images`:
///
///   - (height, width, inputs, outputs), a convolution's kernels: one image of them all (Keras shows three of those
///   that
///     have one input, and no others). Those of one or three inputs lie side by side, in grey or in colours; of others
///     there is a row for each input and a column for each output, the first 32 and 64 of them;
///
/// of others, without axes of length 1:
///
///   - (n,), a bias: one image n wide (Keras makes it n high and 1 wide, which the page shows as an endless column);
///   - (inputs, outputs), a Dense kernel: one image, turned so that it is at least as wide as high;
///     in both, rows are repeated if it is at least 16 times as wide as high, so that its height becomes about an
///     eighth of its width;
///   - three axes (steps, inputs, kernels): an image for each kernel.
///
/// Nothing for other shapes, empty weights and those of integers. Values are unchanged: show them with `rescale`.
///
///     if (auto images = weight_images(kernel.value())) w.image("dense/kernel/image", *images, epoch, {.rescale =
///     true});
std::optional<graph::Array> weight_images(const graph::Array& weight);

}  // namespace cornu::io::tensorboard
