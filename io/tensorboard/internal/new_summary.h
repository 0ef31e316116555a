#pragma once

#include <string>
#include <string_view>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::internal {

/// A summary that still lacks its value; tag and description become valid UTF-8. Throws ValueError if the tag is empty,
/// which no dashboard shows.
Summary new_summary(std::string_view tag, std::string_view plugin, DataClass, const Description& about = {},
                    std::string content = {});

}  // namespace cornu::io::tensorboard::internal
