#pragma once

#include <cstddef>
#include <string_view>

namespace cornu::keras::utils {

/// The number of characters in UTF-8 text, as Python's len.
std::size_t text_width(std::string_view text);
/// The first `width` characters of UTF-8 text, or all of it.
std::string_view text_prefix(std::string_view text, std::size_t width);

}  // namespace cornu::keras::utils
