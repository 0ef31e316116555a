#pragma once

#include <initializer_list>
#include <optional>
#include <vector>

namespace cornu::keras {

/// A number or several of them, `.factor = 0.2` or `.factor = {-0.2, 0.3}`; none: not given.
struct Range : std::optional<std::vector<double>> {
  Range() = default;
  Range(std::nullopt_t) {}                                         // NOLINT: none
  Range(double number) : optional(std::vector<double>{number}) {}  // NOLINT: one
  Range(std::initializer_list<double> numbers) : optional(numbers) {}
};

}  // namespace cornu::keras
