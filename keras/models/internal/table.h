#pragma once

#include <functional>
#include <string>
#include <vector>

namespace cornu::keras::models::internal {

/// Prints rows as the summary of Keras 2.15 does: a field that is too long goes on in the next line, after a comma
/// behind a bracket if there is one, and rows of an inner model stand between bars.
struct Table {
  std::vector<std::size_t> ends;  ///< of the columns
  void print_row(std::vector<std::string> fields, std::size_t level,
                 const std::function<void(const std::string&)>& print_line) const;
};

}  // namespace cornu::keras::models::internal
