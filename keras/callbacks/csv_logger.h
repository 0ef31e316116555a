#pragma once

#include <memory>
#include <string>

#include "cornu/io/path.h"
#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct CSVLoggerConfig {
  io::Path filename = {};
  std::string separator = ",";  ///< one character
  bool append = false;          ///< true: goes on with a file that is there, which keeps its header
  std::shared_ptr<Callback> make() const;
};

/// Writes each epoch's figures as a line of a CSV file, as Keras' CSVLogger does: columns `epoch` (from 0) and the
/// figures by name; validation columns also where there are none yet ("NA"); lines end with \r\n. Throws ValueError for
/// an empty name and a separator that is not one character, IoError if the file cannot be written.
///
///     callbacks::CSVLogger("training.csv")
class CORNU_EXPORT CSVLogger : public Handle<Callback, CSVLoggerConfig> {
 public:
  CSVLogger(CSVLoggerConfig config);  // NOLINT: from a config
  explicit CSVLogger(io::Path filename, std::string separator = ",", bool append = false);
};

}  // namespace cornu::keras::callbacks
