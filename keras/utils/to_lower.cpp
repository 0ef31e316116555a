#include "cornu/keras/utils/internal/to_lower.h"

namespace cornu::keras::utils {

std::string to_lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace cornu::keras::utils
