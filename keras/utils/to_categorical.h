#pragma once

#include <cstdint>
#include <optional>

#include "cornu/graph/array/array.h"

namespace cornu::keras::utils {

/// Labels 0, 1, ... as rows of zeros with a one at the label: float32 of shape `labels.shape() + (num_classes,)`. A
/// last axis of length 1 of labels with two or more axes is dropped first. `num_classes` is the largest label + 1 if
/// not given. Labels of a floating dtype are truncated, as in Keras.
///
///     Array y = utils::to_categorical(Array{0, 2, 1});   // [[1 0 0] [0 0 1] [0 1 0]]
///
/// Throws ValueError for a label that is negative, not a number, or not below `num_classes`, and for no labels without
/// `num_classes`. (Keras takes a negative label as counted from the end.)
Array to_categorical(const Array& labels, std::optional<std::int64_t> num_classes = std::nullopt);

}  // namespace cornu::keras::utils
