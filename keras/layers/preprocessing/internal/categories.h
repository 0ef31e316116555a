#pragma once

#include <initializer_list>
#include <string>

#include "cornu/graph/tensor.h"

// How layers give categories that are numbered from 0.

namespace cornu::keras::layers::internal {

/// Throws ValueError naming the layer for a mode that is none of these.
void require_output_mode(const std::string& who, const std::string& mode, std::initializer_list<const char*> known);
/// Throws ValueError where a sparse tensor is asked for.
void require_dense(const std::string& who, bool sparse);

/// Numbers of categories as Keras' `output_mode` says. "one_hot": 1 at the number, along a new last axis, or in place
/// of a last axis of length 1. "multi_hot" and "count": whether, and how often, each category is among those of the
/// second axis (of the only one). A number that is no category counts nowhere. With weights of the numbers' shape
/// "count" adds them up. "int": the numbers.
graph::Tensor encoded(const graph::Tensor& numbers, const std::string& mode, std::int64_t categories,
                      graph::DType dtype, const graph::Tensor& weights = {});

}  // namespace cornu::keras::layers::internal
