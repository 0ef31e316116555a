#include "cornu/keras/utils/internal/text_width.h"

#include <algorithm>

namespace cornu::keras::utils {

// A byte 10xxxxxx continues a character; every other one begins one.
static bool begins(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins));
}

std::string_view text_prefix(std::string_view text, std::size_t width) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins(text[i]) && width-- == 0) return text.substr(0, i);
  return text;
}

}  // namespace cornu::keras::utils
