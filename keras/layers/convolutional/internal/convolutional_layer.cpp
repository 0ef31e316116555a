#include "cornu/keras/layers/convolutional/internal/convolutional_layer.h"

#include <algorithm>

namespace cornu::keras::layers::internal {

using graph::require;

void visit_unused_kernel(ConfigVisitor& v) {
  Arg<initializers::Initializer> initializer = nullptr;
  Arg<regularizers::Regularizer> regularizer = nullptr;
  Arg<constraints::Constraint> constraint = nullptr;
  v("kernel_initializer", initializer, {.only_read = true});
  v("kernel_regularizer", regularizer, {.only_read = true});
  v("kernel_constraint", constraint, {.only_read = true});
}

void require_positive(const std::string& who, const char* argument, int number) {
  require<ValueError>(number > 0, who, "expected a positive ", argument, ", got ", number);
}

void complete_windows(const std::string& who, int axes, bool causal, ops::PerAxis& strides, ops::PerAxis& dilation_rate,
                      std::string& padding) {
  complete_axes(who, "strides", strides, axes);
  complete_axes(who, "dilation_rate", dilation_rate, axes);
  complete_padding(who, padding, causal);
  const auto above_one = [](const ops::PerAxis& numbers) {
    return std::any_of(numbers.begin(), numbers.end(), [](int n) { return n > 1; });
  };
  require<ValueError>(!above_one(strides) || !above_one(dilation_rate), who,
                      "strides above 1 and a dilation_rate above 1 exclude each other");
}

std::int64_t known_channels(const std::string& who, const Shape& input, int axes, const std::string& data_format) {
  require_axes(who, input, axes);
  const std::int64_t count = channels(input, data_format);
  require<ShapeError>(count != kUnknown, who, "the number of channels must be known, got shape ", input);
  require<ShapeError>(count > 0, who, "expected an input with channels, got shape ", input);
  return count;
}

void require_channels(const std::string& who, const Shape& input, int axes, const std::string& data_format,
                      std::int64_t expected) {
  require_axes(who, input, axes);
  const std::int64_t got = channels(input, data_format);
  require<ShapeError>(got == expected, who, "expected ", expected, " channels, got ", got, " (input shape ", input,
                      ")");
}

Shape kernel_shape(const ops::PerAxis& kernel_size, std::int64_t inputs, std::int64_t outputs) {
  const std::vector<std::int64_t> lengths(kernel_size.begin(), kernel_size.end());
  return Shape(lengths).append(inputs).append(outputs);
}

}  // namespace cornu::keras::layers::internal
