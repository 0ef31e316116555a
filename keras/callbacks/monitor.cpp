#include "cornu/keras/callbacks/monitor.h"

#include <cmath>
#include <limits>

#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {

using Direction = metrics::Metric::Direction;

namespace {

std::string_view without(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

Direction compiled_direction(const models::Model& model, std::string_view name) {
  if (!model.compiled()) return Direction::kUnknown;
  const auto metric = model.network()->training()->metric_named(name);
  return metric ? metric->direction() : Direction::kUnknown;
}

// For figures that the model was not compiled with, what their names say.
Direction usual_direction(std::string_view name) {
  if (name == "loss" || name.ends_with("_loss")) return Direction::kDown;
  if (name.ends_with("acc") || name.ends_with("accuracy") || name.ends_with("auc")) return Direction::kUp;
  return metrics::registry().contains(name) ? metrics::registry().make(name)->direction() : Direction::kUnknown;
}

}  // namespace

Monitor::Monitor(std::string callback, std::string name, const std::string& mode, double min_delta)
    : callback_(std::move(callback)), name_(std::move(name)), min_delta_(std::abs(min_delta)) {
  if (mode == "min")
    direction_ = Direction::kDown;
  else if (mode == "max")
    direction_ = Direction::kUp;
  else if (mode != "auto")
    utils::warn(graph::message(callback_, " mode '", mode, "' is unknown, fallback to auto mode."));
}

void Monitor::settle(const models::Model& model) {
  if (direction_ != Direction::kUnknown) return;
  const std::string_view name = without(name_, "val_");
  direction_ = name == "loss" ? Direction::kDown : compiled_direction(model, name);
  if (direction_ == Direction::kUnknown) direction_ = usual_direction(without(name, "weighted_"));
  graph::require<ValueError>(
      direction_ != Direction::kUnknown, callback_, ": monitor = \"", name_,
      "\" does not tell whether it should grow or shrink; pass mode = \"max\" or mode = \"min\"");
}

bool Monitor::improves(double current, const std::optional<double>& reference) const {
  if (!reference) return true;
  const auto best = static_cast<float>(*reference);
  return direction_ == Direction::kUp ? static_cast<float>(current - min_delta_) > best
                                      : static_cast<float>(current + min_delta_) < best;
}

double Monitor::worst() const {
  const double infinity = std::numeric_limits<double>::infinity();
  return direction_ == Direction::kUp ? -infinity : infinity;
}

std::string available(const Logs& logs) {
  std::string names;
  for (const auto& entry : logs) names += (names.empty() ? "" : ",") + entry.first;
  return names;
}

}  // namespace cornu::keras::callbacks
