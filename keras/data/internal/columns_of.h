#pragma once

#include "cornu/keras/data/element.h"
#include "cornu/keras/data/source.h"

namespace cornu::keras::data::internal {

/// The parts of a batch as inputs, targets and sample weights. Throws ValueError for more parts.
Columns columns_of(const Element& batch);

}  // namespace cornu::keras::data::internal
