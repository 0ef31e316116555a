#pragma once

#include <string>
#include <string_view>

#include "cornu/graph/array/shape.h"

namespace cornu::ops::image::internal {

/// Where the height and the width of pictures stand, of a batch or of one; the axes count from the front.
struct Axes {
  int height = 0, width = 1;
};

/// Throws ValueError, beginning with `who`, for an unknown data format.
inline void require_data_format(std::string_view who, const std::string& data_format) {
  graph::require<graph::ValueError>(data_format == "channels_last" || data_format == "channels_first", who,
                                    "expected data_format 'channels_last' or 'channels_first', got '", data_format,
                                    "'");
}

/// Throws ShapeError, beginning with `who`, unless there are three or four axes.
inline Axes axes_of(std::string_view who, const graph::Shape& images, const std::string& data_format) {
  graph::require<graph::ShapeError>(images.rank() == 3 || images.rank() == 4, who,
                                    "expected pictures of three axes, or four with a batch, got shape ", images);
  const int height = images.rank() - (data_format == "channels_last" ? 3 : 2);
  return {height, height + 1};
}

}  // namespace cornu::ops::image::internal
