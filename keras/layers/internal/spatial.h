#pragma once

#include <string>

#include "cornu/keras/layers/layer.h"
#include "cornu/ops/per_axis.h"

// What layers over one to three spatial axes have in common.

namespace cornu::keras::layers::internal {

/// A number for each axis, at least 1: one that stands for all is spread. Throws ValueError naming the layer and
/// argument.
void complete_axes(const std::string& who, const char* argument, ops::PerAxis& given, int axes);

/// Empty becomes "channels_last". Throws ValueError for another word than that and "channels_first".
void complete_data_format(const std::string& who, std::string& format);

/// The channels of a tensor moved to the end, or back from there; the tensor itself where they lie last.
Tensor channels_last(const Tensor& x, const std::string& format);
Tensor channels_as(const Tensor& y, const std::string& format);
/// Their number.
std::int64_t channels(const Shape& x, const std::string& format);

/// Throws ShapeError unless the input has a batch axis, so many others and channels.
void require_axes(const std::string& who, const Shape& input, int axes);

}  // namespace cornu::keras::layers::internal
