#pragma once

#include <optional>
#include <string>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::callbacks {

/// The figure that a callback watches, and which of two values of it is the better one (Keras' MonitorCallback).
class Monitor {
 public:
  /// `callback` is the class' name, for messages. `mode`: "min", "max", or "auto": found by the figure's name. Another
  /// mode is warned of and taken as "auto". A change of less than |min_delta| is no improvement.
  Monitor(std::string callback, std::string name, const std::string& mode, double min_delta = 0);

  const std::string& name() const { return name_; }
  /// Settles "auto": "loss" and errors go down, accuracies up, by what the model was compiled with. Throws ValueError
  /// if nothing tells.
  void settle(const models::Model& model);
  /// Compared in float32, as figures are in Keras; everything is better than nothing.
  bool improves(double current, const std::optional<double>& reference) const;
  /// The worst there is: inf when smaller is better.
  double worst() const;

 private:
  std::string callback_, name_;
  metrics::Metric::Direction direction_ = metrics::Metric::Direction::kUnknown;
  double min_delta_;
};

/// The names in logs, "loss,accuracy", for warnings.
std::string available(const Logs& logs);

}  // namespace cornu::keras::callbacks
