#include "cornu/io/tensorboard/internal/new_summary.h"

#include "cornu/io/tensorboard/internal/utf8.h"

namespace cornu::io::tensorboard::internal {

Summary new_summary(std::string_view tag, std::string_view plugin, DataClass data_class, const Description& about,
                    std::string content) {
  graph::require<graph::ValueError>(!tag.empty(), "a value for the dashboard \"", plugin,
                                    "\" needs a tag that is not empty");
  return {.tag = valid_utf8(tag),
          .plugin = std::string(plugin),
          .content = std::move(content),
          .data_class = data_class,
          .description = {valid_utf8(about.display_name), valid_utf8(about.description)}};
}

}  // namespace cornu::io::tensorboard::internal
