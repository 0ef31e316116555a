#pragma once

#include <string>

#include "cornu/graph/op.h"

namespace cornu::graph::internal {

/// The fields of an op which are worth showing, "axis=-1, keepdims=true", and are not `false`; none for a leaf.
std::string shown_fields(const Op& op);

/// "[1. 2. 3.]" for a constant of at most 8 elements, "…" beyond.
std::string shown_value(const Array& value);

/// `text` between double quotes; quotes, backslashes and line ends in it escaped.
std::string quoted(std::string_view text);

}  // namespace cornu::graph::internal
