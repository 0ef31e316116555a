#pragma once

#include <optional>

#include "cornu/graph/tensor.h"

namespace cornu::keras::losses {

/// Class numbers of shape (…) for predictions of shape (…, n): a last axis of 1 that they have beside is taken away.
graph::Tensor labels_for(const graph::Tensor& y_true, const graph::Tensor& y_pred);

/// Throws ValueError, in the name of a loss' class, unless all labels are class numbers for predictions of that shape,
/// from 0 to n - 1, or the ignored one. Where the shape does not say n all are taken.
void require_class_numbers(const char* loss, const graph::Array& labels, const graph::Shape& y_pred,
                           std::optional<int> ignored = std::nullopt);

}  // namespace cornu::keras::losses
