#pragma once

#include <string>

namespace cornu::keras::utils {

/// With the letters A to Z small: names that Keras takes in any case.
std::string to_lower(std::string text);

}  // namespace cornu::keras::utils
