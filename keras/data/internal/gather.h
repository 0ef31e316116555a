#pragma once

#include <cstdint>
#include <span>

#include "cornu/graph/array/array.h"

namespace cornu::keras::data::internal {

/// Copies the rows of those numbers, by up to so many threads if it is worth it. `to` has the dtype and at least as
/// many rows, of the same shape.
void gather_rows(const graph::Array& from, std::span<const std::int64_t> numbers, const graph::Array& to, int threads);

}  // namespace cornu::keras::data::internal
