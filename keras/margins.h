#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

namespace cornu::keras {

/// What lies before and behind each of several axes: one number for all, `.padding = 2`, one for each axis,
/// `.padding = {2, 1}`, or both for each, `.padding = {{1, 2}, {0, 3}}`.
struct Margins : std::vector<std::vector<int>> {
  Margins(int all) : vector{{all}} {}  // NOLINT: one for all
  Margins(std::initializer_list<int> each) {
    for (const int n : each) push_back({n});
  }
  Margins(std::initializer_list<std::pair<int, int>> each) {
    for (const auto& [before, behind] : each) push_back({before, behind});
  }
};

}  // namespace cornu::keras
