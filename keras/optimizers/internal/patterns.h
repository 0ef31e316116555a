#pragma once

#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace cornu::keras::optimizers::internal {

/// Regular expressions that are searched for in names of variables. Throws ValueError that names the optimizer and the
/// argument for one that is none.
std::vector<std::regex> patterns(std::string_view optimizer, std::string_view argument,
                                 const std::vector<std::string>& texts);
/// Whether one of them is found in the name.
bool matches(const std::vector<std::regex>& patterns, const std::string& name);

}  // namespace cornu::keras::optimizers::internal
