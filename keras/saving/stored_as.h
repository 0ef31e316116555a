#pragma once

#include <string>

#include "cornu/graph/export.h"

namespace cornu::keras::saving {

/// Says that Keras 3's files keep layers of a class by another name than its own in small letters: Python's class has
/// another name than the one by which users know it. In the source of the layer, where the class is registered. Gives
/// true.
///
///     saving::stored_as("GroupQueryAttention", "grouped_query_attention");
CORNU_EXPORT bool stored_as(const std::string& class_name, const std::string& name);

/// The name by which they keep it: "conv2d".
CORNU_EXPORT std::string stored_name(const std::string& class_name);

}  // namespace cornu::keras::saving
