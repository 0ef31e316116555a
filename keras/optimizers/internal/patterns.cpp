#include "cornu/keras/optimizers/internal/patterns.h"

#include <algorithm>

#include "cornu/graph/check.h"

namespace cornu::keras::optimizers::internal {

std::vector<std::regex> patterns(std::string_view optimizer, std::string_view argument,
                                 const std::vector<std::string>& texts) {
  std::vector<std::regex> made;
  for (const std::string& text : texts) {
    try {
      made.emplace_back(text);
    } catch (const std::regex_error&) {
      throw graph::ValueError(
          graph::message('[', optimizer, "] ", argument, ": '", text, "' is no regular expression"));
    }
  }
  return made;
}

bool matches(const std::vector<std::regex>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::regex& pattern) { return std::regex_search(name, pattern); });
}

}  // namespace cornu::keras::optimizers::internal
