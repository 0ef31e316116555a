#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <utility>

#include "cornu/graph/array/array_type.h"

namespace cornu::keras {

/// A number, `.scale = 1. / 255`, several, `.mean = {0.5, -1, 2}`, or an array of them; by default none, Keras' None.
struct Numbers : std::optional<graph::Array> {
  Numbers() = default;
  Numbers(std::nullopt_t) {}                                    // NOLINT: none
  Numbers(double one) : optional(graph::Array::scalar(one)) {}  // NOLINT: one
  Numbers(std::initializer_list<double> several)                // NOLINT: several
      : optional(graph::Array(std::span(several.begin(), several.end()))) {}
  Numbers(graph::Array array) : optional(std::move(array)) {}  // NOLINT: in their shape
};

}  // namespace cornu::keras
