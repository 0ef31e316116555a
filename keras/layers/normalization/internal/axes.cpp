#include "cornu/keras/layers/normalization/internal/axes.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers::internal {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::Tensor;
using graph::ValueError;

std::vector<int> axes_of(const std::string& who, const Axes& given, const Shape& input) {
  require<ValueError>(!given.empty(), who, "expected an axis, got none");
  std::vector<int> axes = given;
  std::sort(axes.begin(), axes.end());
  for (int& axis : axes) {
    require<ShapeError>(axis >= -input.rank() && axis < input.rank(), who, "axis ", axis,
                        " is out of bounds for input shape ", input);
    if (axis < 0) axis += input.rank();
  }
  for (std::size_t i = 0; i < axes.size(); ++i)
    require<ValueError>(std::count(axes.begin(), axes.end(), axes[i]) == 1, who, "axis ", axes[i], " is given twice");
  return axes;
}

Shape lengths_along(const std::string& who, const Shape& input, const std::vector<int>& axes) {
  Shape lengths;
  for (const int axis : axes) {
    require<ShapeError>(input[axis] != graph::kUnknown, who, "the length of axis ", axis,
                        " must be known, got input shape ", input);
    lengths = lengths.append(input[axis]);
  }
  return lengths;
}

Tensor beside(const std::string& who, const Shape& x, const Tensor& weight, const std::vector<int>& axes) {
  require<ShapeError>(lengths_along(who, x, axes) == weight.shape(), who, "expected lengths ", weight.shape(),
                      " along its axes, got input shape ", x);
  Shape shape;
  for (int axis = 0; axis < x.rank(); ++axis)
    shape = shape.append(std::find(axes.begin(), axes.end(), axis) == axes.end() ? 1 : x[axis]);
  return ops::reshape(ops::cast(weight, graph::float32), shape);
}

Channels Channels::of(const std::string& who, int axis, const Shape& input) {
  const std::vector<int> axes = axes_of(who, axis, input);
  return {input.rank(), axes.front(), lengths_along(who, input, axes).front()};
}

void Channels::require_in(const std::string& who, const Shape& input) const {
  require<ShapeError>(input.rank() == rank, who, "expected an input of ", rank, " axes, got shape ", input);
  require<ShapeError>(input[axis] == count, who, "expected input axis ", axis, " of length ", count, ", got ",
                      input[axis], " (input shape ", input, ")");
}

}  // namespace cornu::keras::layers::internal
