#include "cornu/keras/utils/internal/to_snake_case.h"

#include <cctype>

namespace cornu::keras::utils {

std::string to_snake_case(std::string_view class_name) {
  const auto upper = [&](std::size_t i) {
    return i < class_name.size() && std::isupper(static_cast<unsigned char>(class_name[i]));
  };
  const auto lower = [&](std::size_t i) {
    return i < class_name.size() && std::islower(static_cast<unsigned char>(class_name[i]));
  };
  std::string name;
  for (std::size_t i = 0; i < class_name.size(); ++i) {
    // A word starts at a capital before a small letter, or after one.
    if (i > 0 && upper(i) && (lower(i + 1) || lower(i - 1)) && name.back() != '_') name += '_';
    if (std::isalnum(static_cast<unsigned char>(class_name[i])) || class_name[i] == '_')
      name += static_cast<char>(std::tolower(class_name[i]));
  }
  return name;
}

}  // namespace cornu::keras::utils
