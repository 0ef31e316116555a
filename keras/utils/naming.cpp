#include "cornu/keras/utils/naming.h"

#include <cctype>

namespace cornu::keras::utils {

std::string to_snake_case(std::string_view class_name) {
  std::string name;
  for (const unsigned char c : class_name)
    if (std::isalnum(c) || c == '_') name += static_cast<char>(c);
  const auto upper = [&](std::size_t i) { return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])); };
  const auto lower = [&](std::size_t i) { return i < name.size() && std::islower(static_cast<unsigned char>(name[i])); };
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    // A word begins at a capital that small letters follow, or that follows a small letter.
    if (i > 0 && upper(i) && (lower(i + 1) || lower(i - 1)) && out.back() != '_') out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return out;
}

}  // namespace cornu::keras::utils
