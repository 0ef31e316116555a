#pragma once

#include <concepts>
#include <string_view>

#include "cornu/graph/tensor.h"

namespace cornu::ops {

using graph::Tensor;
using graph::Tensors;

/// Products of tensors whose axes bear letters, summed over the letters that the output does not have, in NumPy's
/// notation:
///
///     einsum("ij,jk->ik", a, b)           // a matrix product
///     einsum("bhqd,bhkd->bhqk", q, k)     // one for each b and h
///     einsum("...ii->...i", x)            // diagonals
///     einsum("i,j", a, b)                 // without an output: the letters that occur once, in the alphabet's order
///
/// "..." stands for any further axes, which broadcast; so does a letter's axis of length 1. A letter that an operand
/// has twice takes its diagonal. Of one or more operands of one dtype: float32, bfloat16; int32 and int64 where nothing
/// is summed. Products of more than two are made pair by pair, those first that leave the smallest tensors; no tensor
/// between may have more than eight axes. Throws ValueError for what is no equation, ShapeError for operands that do
/// not fit it, TypeError for dtypes. NumPy, Keras: `einsum`.
Tensor einsum(std::string_view subscripts, const Tensors& operands);
template <std::convertible_to<Tensor>... T>
requires(sizeof...(T) > 0) Tensor einsum(std::string_view subscripts, const T&... operands) {
  return einsum(subscripts, Tensors{Tensor(operands)...});
}

}  // namespace cornu::ops
