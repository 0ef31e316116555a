#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

namespace cornu::keras {

/// One axis, `.axis = 0`, or several, `.axis = {0, 1, 2}`. Negative ones count from the end.
struct Axes : std::vector<int> {
  Axes(int axis) : vector{axis} {}                         // NOLINT: one axis
  Axes(std::initializer_list<int> axes) : vector(axes) {}  // NOLINT: several
};

/// The same, or by default all axes, Keras' None.
struct AxesOrAll : std::optional<std::vector<int>> {
  AxesOrAll() = default;
  AxesOrAll(int axis) : optional(std::vector{axis}) {}                         // NOLINT: one axis
  AxesOrAll(std::initializer_list<int> axes) : optional(std::vector(axes)) {}  // NOLINT: several
};

}  // namespace cornu::keras
