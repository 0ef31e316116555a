#pragma once

#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data::internal {

/// Elements that are there, in order.
using ElementList = std::shared_ptr<const std::vector<Element>>;
ElementsPointer elements_of(ElementList list);
Dataset dataset_of_list(ElementList list);

}  // namespace cornu::keras::data::internal
