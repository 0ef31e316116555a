#include "cornu/keras/callbacks/internal/written_steps.h"

#include <unistd.h>

#include <algorithm>
#include <string>

#include "cornu/graph/check.h"
#include "cornu/io/tensorboard/event_reader.h"

namespace cornu::keras::callbacks::internal {

WrittenSteps written_steps(const std::filesystem::path& folder) {
  WrittenSteps steps;
  const std::string own = graph::message('.', getpid(), '.');
  for (const auto& path : io::tensorboard::event_files(folder)) {
    if (path.parent_path() != folder || path.filename().string().find(own) == std::string::npos) continue;
    try {
      io::tensorboard::EventReader reader(path);
      for (const auto& event : reader)
        for (const auto& summary : event.summaries) {
          if (summary.tag.starts_with("epoch_") || summary.tag.ends_with("/histogram"))
            steps.epochs = std::max(steps.epochs, event.step + 1);
          if (summary.tag.starts_with("batch_")) steps.batches = std::max(steps.batches, event.step);
        }
    } catch (const graph::IoError&) {  // a file that went away; the steps are a convenience
    }
  }
  return steps;
}

}  // namespace cornu::keras::callbacks::internal
