#pragma once

#include <initializer_list>
#include <vector>

namespace cornu::keras::layers {

/// One axis or several, as an argument: `.axis = -1`, `.axis = {1, 2}`. Negative ones count from the end.
struct Axes : std::vector<int> {
  Axes(int axis) : vector{axis} {}                         // NOLINT: from a number
  Axes(std::initializer_list<int> axes) : vector(axes) {}  // NOLINT: from a list
};

}  // namespace cornu::keras::layers
