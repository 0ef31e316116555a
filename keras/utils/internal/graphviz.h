#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cornu::keras::utils::internal {

/// Has a program of Graphviz ("dot", "-Tpng") read a text in the DOT language and write to a file; no shell reads the
/// names. Throws IoError, which `who` begins, if it fails or is not there, and what can be done `otherwise` then.
void run_graphviz(std::string_view who, std::string_view otherwise, std::vector<std::string> command,
                  const std::string& text, const std::filesystem::path& to);

}  // namespace cornu::keras::utils::internal
