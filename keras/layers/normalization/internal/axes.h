#pragma once

#include <string>
#include <vector>

#include "cornu/graph/tensor.h"
#include "cornu/keras/axes.h"

namespace cornu::keras::layers::internal {

/// The axes counted from the front, in the order by which Keras shapes weights: sorted as they were given. Throws
/// ValueError for none and for one twice, ShapeError out of bounds. `who` begins the messages.
std::vector<int> axes_of(const std::string& who, const Axes& given, const graph::Shape& input);

/// The shape of a weight along these axes. Throws ShapeError where a length is unknown.
graph::Shape lengths_along(const std::string& who, const graph::Shape& input, const std::vector<int>& axes);

/// A weight along these axes of x in float32, ready to broadcast against x. Throws ShapeError if it does not fit.
graph::Tensor beside(const std::string& who, const graph::Shape& x, const graph::Tensor& weight,
                     const std::vector<int>& axes);

/// The one axis of an input that has the channels.
struct Channels {
  int rank = 0;  ///< of the input
  int axis = 0;  ///< counted from the front
  std::int64_t count = 0;

  /// Throws ShapeError out of bounds and for an unknown number of channels.
  static Channels of(const std::string& who, int axis, const graph::Shape& input);
  /// Throws ShapeError for an input of another rank or number of channels.
  void require_in(const std::string& who, const graph::Shape& input) const;
};

}  // namespace cornu::keras::layers::internal
