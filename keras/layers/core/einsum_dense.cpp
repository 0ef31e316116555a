#include "cornu/keras/layers/core/einsum_dense.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/einsum.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

/// The letters of an equation "ab,bc->ac", and where "..." stands in input and output.
struct Letters {
  std::string input, kernel, output;
  enum class Dots { none, left, right } dots = Dots::none;

  Letters(const std::string& who, const std::string& equation) {
    constexpr std::string_view kDots = "...", kArrow = "->";
    const std::size_t comma = equation.find(','), arrow = equation.find(kArrow);
    bool fits = comma != std::string::npos && arrow != std::string::npos && comma < arrow;
    if (fits) {
      input = equation.substr(0, comma);
      kernel = equation.substr(comma + 1, arrow - comma - 1);
      output = equation.substr(arrow + kArrow.size());
      if (input.starts_with(kDots) && output.starts_with(kDots)) {
        dots = Dots::left;
        input.erase(0, kDots.size()), output.erase(0, kDots.size());
      } else if (input.ends_with(kDots) && output.ends_with(kDots)) {
        dots = Dots::right;
        input.resize(input.size() - kDots.size()), output.resize(output.size() - kDots.size());
        fits = input.size() >= 2;  // one is the batch's
      }
      for (const std::string* letters : {&input, &kernel, &output})
        fits = fits && !letters->empty() &&
               std::all_of(letters->begin(), letters->end(), [](unsigned char c) { return std::isalpha(c) != 0; });
    }
    require<ValueError>(fits, who,
                        "expected an equation of the form 'ab,bc->ac', '...ab,bc->...ac' or "
                        "'ab...,bc->ac...', got '",
                        equation, "'");
  }
};

bool has(const std::string& letters, char letter) { return letters.find(letter) != std::string::npos; }

struct EinsumDenseLayer final : Configured<Layer, EinsumDenseConfig> {
  explicit EinsumDenseLayer(EinsumDenseConfig config)
      : Configured(std::move(config)), letters_(who(), config_.equation) {
    require<ValueError>(config_.output_shape.is_set(), who(), "expected an output_shape, got none");
    require<ValueError>(!config_.lora_rank, who(), "lora_rank is not supported, got ", config_.lora_rank.value_or(0));
    for (const char letter : letters_.output)
      require<ValueError>(has(letters_.input, letter) || has(letters_.kernel, letter), who(), "the output's letter '",
                          letter, "' is neither the input's nor the kernel's in '", config_.equation, "'");
    for (const char letter : letters_.kernel)
      require<ValueError>(has(letters_.input, letter) || has(letters_.output, letter), who(), "the kernel's letter '",
                          letter, "' is neither the input's nor the output's in '", config_.equation, "'");
    for (const char letter : config_.bias_axes)
      require<ValueError>(has(letters_.output, letter), who(), "the letter '", letter,
                          "' of bias_axes is not the output's in '", config_.equation, "'");
    set_activity_regularizer(config_.activity_regularizer);
  }

  void build(const Shape& input) override {
    check_rank(input);
    const Shape output = full_output(input);
    kernel_ = add_weight(internal::kernel(config_, lengths("kernel", letters_.kernel, input, output)));
    if (config_.bias_axes.empty()) return;
    // From the first of its axes on, so that it broadcasts.
    const std::size_t first = letters_.output.find_first_of(config_.bias_axes);
    Shape shape;
    for (const char letter : letters_.output.substr(first))
      shape = shape.append(has(config_.bias_axes, letter) ? length("bias", letter, input, output) : 1);
    if (letters_.dots == Letters::Dots::right)
      for (int i = 0; i < elided(input); ++i) shape = shape.append(1);
    bias_ = add_weight(internal::bias(config_, shape));
  }

  Tensor call(const Tensor& x, Context&) override {
    check_rank(x.shape());
    const Tensor kernel = kernel_;
    // An axis of length 1 would broadcast.
    for (std::size_t i = 0; i < letters_.kernel.size(); ++i) {
      const char letter = letters_.kernel[i];
      if (!has(letters_.input, letter)) continue;
      const std::int64_t expected = kernel.shape()[static_cast<int>(i)], got = x.shape()[input_axis(letter, x.shape())];
      require<ShapeError>(got == expected, who(), "expected length ", expected, " along '", letter, "', got ", got,
                          " (input shape ", x.shape(), ")");
    }
    Tensor y = ops::einsum(config_.equation, {ops::cast(x, kernel.dtype()), kernel});
    if (!config_.bias_axes.empty()) {
      require<ShapeError>(graph::broadcast(y.shape(), bias_.shape(), "bias") == y.shape(), who(),
                          "expected an output to which a bias of shape ", bias_.shape(), " can be added, got shape ",
                          y.shape(), " (input shape ", x.shape(), ")");
      y = y + bias_;
    }
    return config_.activation ? config_.activation(y) : y;
  }

 private:
  /// The input's axes that "..." stands for.
  int elided(const Shape& input) const { return input.rank() - static_cast<int>(letters_.input.size()); }
  int before(const Shape& input) const { return letters_.dots == Letters::Dots::left ? elided(input) : 0; }
  int input_axis(char letter, const Shape& input) const {
    return before(input) + static_cast<int>(letters_.input.find(letter));
  }

  void check_rank(const Shape& input) const {
    const bool open = letters_.dots != Letters::Dots::none && !built();
    const int expected = built() ? input_shape().rank() : static_cast<int>(letters_.input.size());
    require<ShapeError>(open ? input.rank() >= std::max(expected, 1) : input.rank() == expected, who(),
                        "expected an input of ", expected, open ? " or more" : "", expected == 1 ? " axis" : " axes",
                        " by the equation '", config_.equation, "', got shape ", input);
  }

  /// output_shape with the batch's axis and those of "...", and what the input tells.
  Shape full_output(const Shape& input) const {
    Shape output{input.front()};
    for (int i = 1; i < before(input); ++i) output = output.append(input[i]);
    const int own = before(input) + static_cast<int>(letters_.output.size()) - output.rank();
    require<ShapeError>(config_.output_shape.rank() == own, who(), "expected an output_shape of ", own,
                        own == 1 ? " length" : " lengths", " by the equation '", config_.equation, "', got ",
                        config_.output_shape);
    for (const std::int64_t length : config_.output_shape) output = output.append(length);
    if (letters_.dots == Letters::Dots::right)
      for (int i = 0; i < elided(input); ++i)
        output = output.append(input[static_cast<int>(letters_.input.size()) + i]);
    for (const char letter : letters_.input) {
      if (!has(letters_.output, letter)) continue;
      const std::int64_t given = input[input_axis(letter, input)];
      std::int64_t& wanted = output[output_axis(letter, input)];
      require<ShapeError>(wanted == kUnknown || wanted == given, who(), "output_shape ", config_.output_shape,
                          " has length ", wanted, " along '", letter, "', which is not that of the input shape ",
                          input);
      wanted = given;
    }
    return output;
  }
  int output_axis(char letter, const Shape& input) const {
    return before(input) + static_cast<int>(letters_.output.find(letter));
  }

  std::int64_t length(const char* weight, char letter, const Shape& input, const Shape& output) const {
    const std::int64_t n =
        has(letters_.input, letter) ? input[input_axis(letter, input)] : output[output_axis(letter, input)];
    require<ShapeError>(n != kUnknown, who(), "the length of the ", weight, " along '", letter,
                        "' must be known, got input shape ", input, " and output_shape ", config_.output_shape);
    return n;
  }
  Shape lengths(const char* weight, const std::string& letters, const Shape& input, const Shape& output) const {
    Shape shape;
    for (const char letter : letters) shape = shape.append(length(weight, letter, input, output));
    return shape;
  }

  Letters letters_;
  Variable kernel_, bias_;
};

EinsumDenseConfig completed(std::string equation, const Shape& output_shape, EinsumDenseConfig config) {
  require<ValueError>((config.equation.empty() || config.equation == equation) &&
                          (!config.output_shape.is_set() || config.output_shape == output_shape),
                      "EinsumDense(\"", equation, "\", ", output_shape,
                      ", …): equation or output_shape are given twice");
  config.equation = std::move(equation);
  config.output_shape = output_shape;
  return config;
}

}  // namespace

void EinsumDenseConfig::fields(ConfigVisitor& v) {
  v("equation", equation);
  v("output_shape", output_shape);
  v("activation", activation);
  v("bias_axes", bias_axes);
  internal::visit_behind_use_bias(*this, v);
  v("lora_rank", lora_rank, {.since_keras3 = true, .keras3_unless_null = true});
  v("lora_alpha", lora_alpha, {.since_keras3 = true, .keras3_unless_null = true});
}

CORNU_LAYER(EinsumDenseConfig, EinsumDenseLayer, "EinsumDense");

EinsumDense::EinsumDense(std::string equation, const Shape& output_shape, EinsumDenseConfig config)
    : Handle(completed(std::move(equation), output_shape, std::move(config))) {}

}  // namespace cornu::keras::layers
