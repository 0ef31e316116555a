#include "cornu/io/tensorboard/summaries/image.h"

#include <algorithm>

#include "cornu/io/image/image.h"
#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/internal/pixels.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;

Summary image(std::string_view tag, const Array& images, const ImageConfig& config) {
  Summary summary = internal::new_summary(tag, "images", DataClass::blob_sequence, config.about);
  const std::string who = message("[image \"", summary.tag, "\"]");
  require<ValueError>(config.max_outputs > 0, who, " max_outputs must be positive, got ", config.max_outputs);
  const Array batch = internal::image_batch(who, images);
  summary.strings = {std::to_string(batch.shape()[2]), std::to_string(batch.shape()[1])};
  for (const Array& one : batch.slice(0, config.max_outputs))
    summary.strings.push_back(image::encode_png(internal::pixels(one, config.rescale)));
  summary.shape = {static_cast<std::int64_t>(summary.strings.size())};
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries
