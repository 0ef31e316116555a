#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/io/path.h"
#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct CSVLoggerConfig {
  io::Path filename = {};
  std::string separator = ",";  ///< one character
  bool append = false;          ///< true: goes on with a file that is there, which keeps its header
};

class CORNU_EXPORT CSVLoggerCallback : public Callback {
 public:
  /// Throws ValueError for an empty name and a separator that is not one character.
  explicit CSVLoggerCallback(CSVLoggerConfig config);
  ~CSVLoggerCallback() override;
  CSVLoggerCallback(CSVLoggerCallback&&) noexcept;
  CSVLoggerCallback& operator=(CSVLoggerCallback&&) noexcept;

  void on_train_begin(const Logs& logs) override;
  void on_epoch_end(int epoch, const Logs& logs) override;
  void on_train_end(const Logs& logs) override;

 private:
  void write_row(const std::vector<std::string>& cells);

  CSVLoggerConfig config_;
  graph::Hidden<std::ofstream> file_;  // open while training
  std::vector<std::string> names_;     // of the columns behind "epoch"; empty before the first epoch
  bool header_ = true;
};

/// Writes each epoch's figures as a line of a CSV file, as Keras' CSVLogger does: columns `epoch` (from 0) and the
/// figures by name; validation columns also where there are none yet ("NA"); lines end with \r\n. Throws IoError if the
/// file cannot be written.
///
///     callbacks::CSVLogger("training.csv")
class CORNU_EXPORT CSVLogger : public Handle<CSVLoggerCallback, CSVLoggerConfig> {
 public:
  CSVLogger(CSVLoggerConfig config);  // NOLINT: from a config
  explicit CSVLogger(io::Path filename, std::string separator = ",", bool append = false);
};

}  // namespace cornu::keras::callbacks
