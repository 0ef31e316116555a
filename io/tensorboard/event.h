#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard {

/// A record of an event file. One of the parts below the step is there; none for what only TensorFlow writes (log
/// messages, sessions).
struct Event {
  double wall_time = 0;  ///< seconds since 1970, with fraction
  std::int64_t step = 0;
  std::string file_version = {};  ///< of the first event: "brain.Event:2"
  std::vector<Summary> summaries = {};
  std::string graph_def = {};     ///< a serialised GraphDef
  std::string metadata_tag = {};  ///< of a profiled step: its tag
  std::string run_metadata = {};  ///< and its serialised RunMetadata
};

}  // namespace cornu::io::tensorboard
