#include "cornu/keras/layers/preprocessing/internal/image_layer.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/random.h"

namespace cornu::keras::layers::internal {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

namespace {

std::string described(const std::vector<double>& numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : ", ") + graph::message(number);
  return "(" + text + ")";
}

}  // namespace

void visit_data_format(ConfigVisitor& v, std::string& data_format) {
  if (data_format == "channels_first") v.not_in_keras2("argument 'data_format'");
  v("data_format", data_format, {.only_keras3 = true});
  std::string boxes;  // in what form Keras would be given bounding boxes beside the pictures
  v("bounding_box_format", boxes, {.only_read = true});
}

void require_pictures(const std::string& who, const Shape& input) {
  require<ShapeError>(input.rank() == 3 || input.rank() == 4, who,
                      "expected pictures of three axes, or four with a batch, got shape ", input);
}

Shapes shapes_of(const Inputs& inputs) {
  Shapes shapes;
  for (const Tensor& x : inputs) shapes.push_back(x.shape());
  return shapes;
}

void require_one_or(const std::string& who, std::size_t count, std::size_t all, const char* inputs) {
  require<ValueError>(count == 1 || count == all, who, "expected pictures alone, or ", inputs, ", got ", count,
                      " inputs");
}

void require_size(const std::string& who, int height, int width) {
  require<ValueError>(height > 0 && width > 0, who, "expected a positive height and width, got ", height, " and ",
                      width);
}

Bounds bounds_of(const std::string& who, const char* argument, const Range& given, double low, double high,
                 bool overlapping) {
  const std::vector<double> numbers = given.value_or(std::vector<double>());
  bool fits = numbers.size() == 1 || numbers.size() == 2;
  if (overlapping && numbers.size() == 2)
    fits = numbers[0] <= high && numbers[1] >= low;
  else
    for (const double number : numbers) fits = fits && number >= low && number <= high;
  require<ValueError>(fits, who, "expected a ", argument, " of one or two numbers from ", low, " to ", high, ", got ",
                      given ? described(numbers) : "none");
  if (numbers.size() == 2) return {std::min(numbers[0], numbers[1]), std::max(numbers[0], numbers[1])};
  const double size = std::abs(numbers[0]);
  return {std::max(-size, low), size};
}

Bounds complete_bounds(const std::string& who, const char* argument, Range& given, double low, double high,
                       bool overlapping) {
  const Bounds bounds = bounds_of(who, argument, given, low, high, overlapping);
  given = {bounds.lower, bounds.upper};
  return bounds;
}

void require_value_range(const std::string& who, const std::vector<double>& value_range) {
  require<ValueError>(value_range.size() == 2, who, "expected a value_range of two numbers, got ",
                      described(value_range));
}

void sort_value_range(const std::string& who, std::vector<double>& value_range) {
  require_value_range(who, value_range);
  std::sort(value_range.begin(), value_range.end());
}

Tensor changed_range(const Tensor& x, const std::vector<double>& from, const std::vector<double>& to) {
  if (from == to) return x;
  return (x - from[0]) / (from[1] - from[0]) * (to[1] - to[0]) + to[0];
}

Tensor uniform(const Tensor& state, const Shape& shape, const Bounds& bounds) {
  return ops::random_uniform(state, shape) * (bounds.upper - bounds.lower) + bounds.lower;
}

Tensor within_random_part(std::int64_t length, int axis, const Tensor& share, const Tensor& place) {
  const Tensor part = share * length, start = place * (length - part);
  const Tensor at =
      graph::constant(graph::arange(0, static_cast<double>(length)).reshape(Shape{1, 1, 1, 1}.with(axis, length)));
  return ops::logical_and(ops::greater_equal(at, start), ops::less(at, start + part));
}

Shape resized_shape(const Shape& input, const std::string& data_format, std::int64_t height, std::int64_t width) {
  const int first = input.rank() - (data_format == "channels_first" ? 2 : 3);
  return input.with(first, height).with(first + 1, width);
}

}  // namespace cornu::keras::layers::internal
