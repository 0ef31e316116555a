#pragma once

#include <cstdint>
#include <filesystem>

namespace cornu::keras::callbacks::internal {

/// From which steps on a run of TensorBoard goes on: after those that this process has written to its folder. A log of
/// another process is left alone, as a training that starts anew takes its place on the page.
struct WrittenSteps {
  std::int64_t epochs = 0;   ///< the next epoch's step is at least this
  std::int64_t batches = 0;  ///< steps of batches that were written are not greater
};

/// Reads the event files in the folder; zeros if there is none.
WrittenSteps written_steps(const std::filesystem::path& folder);

}  // namespace cornu::keras::callbacks::internal
