#include "cornu/keras/saving/stored_as.h"

#include <map>

#include "cornu/keras/utils/internal/to_snake_case.h"

namespace cornu::keras::saving {
namespace {

std::map<std::string, std::string>& other_names() {
  static std::map<std::string, std::string> names;
  return names;
}

}  // namespace

bool stored_as(const std::string& class_name, const std::string& name) {
  other_names()[class_name] = name;
  return true;
}

std::string stored_name(const std::string& class_name) {
  const auto other = other_names().find(class_name);
  return other != other_names().end() ? other->second : utils::to_snake_case(class_name);
}

}  // namespace cornu::keras::saving
