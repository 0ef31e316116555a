#pragma once

#include <string>
#include <string_view>

namespace cornu::keras::utils {

/// A class name as Keras writes it in layer names: "Dense" -> "dense", "InputLayer" -> "input_layer", "Conv2D" ->
/// "conv2d", "LSTM" -> "lstm".
std::string to_snake_case(std::string_view class_name);

}  // namespace cornu::keras::utils
