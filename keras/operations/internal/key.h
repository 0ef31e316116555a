#pragma once

#include <vector>

#include "cornu/keras/operations/get_item.h"

namespace cornu::keras::operations::internal {

/// An index as an operation keeps it, a list of whole numbers, and back. Throws ValueError for numbers that are none.
std::vector<std::int64_t> numbers_of(const std::vector<ops::IndexItem>& key);
std::vector<ops::IndexItem> key_of(const std::vector<std::int64_t>& numbers);

}  // namespace cornu::keras::operations::internal
