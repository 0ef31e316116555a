#pragma once

#include <functional>

#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data::internal {

/// The next one of several data sets; none at the end.
using NextDataset = std::function<std::optional<Dataset>()>;

/// The elements of data sets in turns: of `cycle_length` that are open `block_length` elements each.
ElementsPointer interleaved(NextDataset next, std::int64_t cycle_length, std::int64_t block_length,
                            const Iteration& iteration);

}  // namespace cornu::keras::data::internal
