#pragma once

#include <string_view>
#include <vector>

#include "cornu/keras/data/element.h"

namespace cornu::keras::data::internal {

/// Throws ValueError unless the element has the parts, names and numbers of arrays that the first one has; `number` is
/// its place among all elements.
void check_alike(std::string_view who, const Element& first, const Element& element, std::int64_t number);

/// The arrays of elements along a new first axis. `number` is the place of the first one. Throws ShapeError, naming the
/// element, for another shape or dtype.
Element stacked(std::string_view who, const std::vector<Element>& elements, std::int64_t number);

}  // namespace cornu::keras::data::internal
