#pragma once

#include <string>
#include <string_view>

namespace cornu::keras::utils {

/// The name that objects of a class get: "Dense" -> "dense", "ActivityRegularization" -> "activity_regularization", "RMSprop" -> "rm_sprop".
/// Keras: `to_snake_case`.
std::string to_snake_case(std::string_view class_name);

}  // namespace cornu::keras::utils
