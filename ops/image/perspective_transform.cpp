// The map from one square to four points has a closed form (Heckbert 1989, "Fundamentals of Texture Mapping and Image
// Warping", section 2.2.3). From the end points through the square to the start points is where each pixel comes from.
#include "cornu/ops/image/perspective_transform.h"

#include <array>

#include "cornu/graph/check.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/image/affine_transform.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops::image {
namespace {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::Tensors;

using Matrix = std::array<Tensor, 9>;  // row by row, each number of shape (pictures, 1)

/// The map from the corners (0, 0), (1, 0), (0, 1), (1, 1) to the points, (pictures, 8).
Matrix from_square(const Tensor& points) {
  const auto number = [&](int i) { return slice(points, 1, i, i + 1); };
  const Tensor x0 = number(0), y0 = number(1), x1 = number(2), y1 = number(3), x2 = number(4), y2 = number(5),
               x3 = number(6), y3 = number(7);
  const Tensor right_x = x1 - x3, right_y = y1 - y3, down_x = x2 - x3, down_y = y2 - y3;
  const Tensor skew_x = x0 - x1 + x3 - x2, skew_y = y0 - y1 + y3 - y2;
  const Tensor area = right_x * down_y - right_y * down_x;
  const Tensor g = (skew_x * down_y - skew_y * down_x) / area, h = (right_x * skew_y - right_y * skew_x) / area;
  return {x1 - x0 + g * x1, x2 - x0 + h * x2, x0, y1 - y0 + g * y1, y2 - y0 + h * y2, y0, g, h, ones_like(g)};
}

/// The inverse but for a factor, which a perspective does not notice.
Matrix adjugate(const Matrix& m) {
  const auto minor = [&](int a, int b, int c, int d) { return m[a] * m[d] - m[b] * m[c]; };
  return {minor(4, 5, 7, 8), minor(2, 1, 8, 7), minor(1, 2, 4, 5), minor(5, 3, 8, 6), minor(0, 2, 6, 8),
          minor(2, 0, 5, 3), minor(3, 4, 6, 7), minor(1, 0, 7, 6), minor(0, 1, 3, 4)};
}

Matrix matrix_product(const Matrix& a, const Matrix& b) {
  Matrix c;
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j)
      c[3 * i + j] = a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
  return c;
}

Tensor as_rows(const Tensor& points, const char* argument) {
  const Shape& shape = points.shape();
  require<ShapeError>((shape.rank() == 2 || shape.rank() == 3) && shape[shape.rank() - 2] == 4 && shape.back() == 2,
                      "perspective_transform: expected ", argument, " of shape (4, 2), or (batch, 4, 2), got ", shape);
  return reshape(points, {shape.rank() == 2 ? 1 : shape[0], 8});
}

}  // namespace

Tensor perspective_transform(const Tensor& images, const Tensor& start_points, const Tensor& end_points,
                             const PerspectiveTransformConfig& config) {
  require<ShapeError>(start_points.shape() == end_points.shape(),
                      "perspective_transform: expected start_points and end_points of one shape, got ",
                      start_points.shape(), " and ", end_points.shape());
  const Tensor start = as_rows(start_points, "start_points"), end = as_rows(end_points, "end_points");
  const Matrix map = matrix_product(from_square(start), adjugate(from_square(end)));
  Tensors columns;
  for (std::size_t i = 0; i < 8; ++i) columns.push_back(map[i] / map[8]);
  return affine_transform(
      images, concatenate(columns, 1),
      {.interpolation = config.interpolation, .fill_value = config.fill_value, .data_format = config.data_format});
}

}  // namespace cornu::ops::image
