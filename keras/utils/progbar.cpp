#include "cornu/keras/utils/progbar.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "cornu/keras/utils/internal/python_format.h"
#include "cornu/keras/utils/internal/text_width.h"

namespace cornu::keras::utils {

using graph::message;
using graph::require;

namespace {

// " 7ms/step"
std::string duration(double seconds, const std::string& unit) {
  const auto [scale, name] = seconds >= 1 || seconds == 0 ? std::pair{1.0, "s/"}
                             : seconds >= 1e-3            ? std::pair{1e3, "ms/"}
                                                          : std::pair{1e6, "us/"};
  return message(' ', python_format(seconds * scale, ".0f"), name, unit);
}

}  // namespace

Progbar::Progbar(ProgbarConfig config, Console console) : config_(std::move(config)), console_(std::move(console)) {
  require<ValueError>(config_.width >= 1, "Progbar: width must be at least 1, got ", config_.width);
  require<ValueError>(config_.verbose >= 0 && config_.verbose <= 2, "Progbar: verbose must be 0, 1 or 2, got ",
                      config_.verbose);
  require<ValueError>(!config_.target || *config_.target >= 0, "Progbar: target must be at least 0, got ",
                      config_.target.value_or(0));
  start_ = epoch_start_ = console_.now();
}

Progbar::Figure& Progbar::figure(const std::string& name) {
  for (Figure& figure : figures_)
    if (figure.name == name) return figure;
  const auto& as_is = config_.stateful_metrics;
  return figures_.emplace_back(Figure{name, std::find(as_is.begin(), as_is.end(), name) != as_is.end()});
}

void Progbar::add_stateful_metrics(const Logs& names) {
  auto& as_is = config_.stateful_metrics;
  for (const auto& entry : names) {
    if (std::find(as_is.begin(), as_is.end(), entry.first) != as_is.end()) continue;
    as_is.push_back(entry.first);
    for (Figure& figure : figures_) figure.stateful |= figure.name == entry.first;
  }
}

void Progbar::average(std::int64_t current, const Logs& values) {
  const std::int64_t steps = std::max<std::int64_t>(current - seen_, 1);  // a last call may repeat the step
  for (const auto& [name, value] : values) {
    Figure& f = figure(name);
    if (f.stateful) f.sum = 0, f.count = 0;
    const std::int64_t weight = f.stateful ? 1 : steps;
    f.sum += value * static_cast<double>(weight);
    f.count += weight;
  }
  seen_ = current;
}

void Progbar::update(std::int64_t current, const Logs& values, std::optional<bool> finalize) {
  const bool last = finalize.value_or(config_.target && current >= *config_.target);
  average(current, values);
  const double now = console_.now();
  if (current == config_.target) epoch_end_ = now;
  if (config_.verbose == 1) {
    if (now - last_draw_ < config_.interval && !last) return;
    draw(current, now, last);
  } else if (config_.verbose == 2 && last) {
    write_line(current, now);
  }
  last_draw_ = now;
}

void Progbar::show(std::int64_t current, const Logs& latest) {
  const double now = console_.now();
  if (now - last_draw_ >= config_.interval) {
    if (console_.terminal) {
      add_stateful_metrics(latest);
      average(current, latest);
    }
    draw(current, now, false);
    last_draw_ = now;
  }
  seen_ = current;
}

// Keras' bar looks at a figure's size to choose between the two forms, its one-line form at its value.
std::string Progbar::figures(bool negative_in_full) const {
  std::string text;
  for (const Figure& f : figures_) {
    const double mean = f.sum / static_cast<double>(std::max<std::int64_t>(f.count, 1));
    const bool full = (negative_in_full ? std::abs(mean) : mean) > 1e-3;
    text += message(" - ", f.name, ": ", python_format(mean, full ? ".4f" : ".4e"));
  }
  return text;
}

std::string Progbar::bar(std::int64_t current) const {
  if (!config_.target) return python_format(current, "7d") + "/Unknown";
  const std::int64_t target = *config_.target;
  const std::string goal = std::to_string(target);
  const double done = target > 0 ? static_cast<double>(current) / static_cast<double>(target) : 1;
  const int filled = std::clamp(static_cast<int>(config_.width * done), 0, config_.width);
  std::string text = message(python_format(current, std::to_string(goal.size()) + "d"), '/', goal, " [");
  if (filled > 0) text += std::string(static_cast<std::size_t>(filled - 1), '=') + (current < target ? '>' : '=');
  return text + std::string(static_cast<std::size_t>(config_.width - filled), '.') + ']';
}

std::string Progbar::remaining(double seconds) const {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (seconds > 3600)
    return message(whole / 3600, ':', python_format(whole % 3600 / 60, "02d"), ':', python_format(whole % 60, "02d"));
  if (seconds > 60) return message(whole / 60, ':', python_format(whole % 60, "02d"));
  return message(whole, 's');
}

// The first step is left out once there are others: it is not like them.
double Progbar::seconds_per_step(std::int64_t current, double now) {
  if (current == 0) return 0;
  const double seconds = after_first_step_ && current > 1
                             ? (now - *after_first_step_) / static_cast<double>(current - 1)
                             : (now - start_) / static_cast<double>(current);
  if (current == 1) after_first_step_ = now;
  return seconds;
}

void Progbar::draw(std::int64_t current, double now, bool finalize) {
  const double per_step = seconds_per_step(current, now);
  if (!console_.terminal && !finalize) return;
  std::string line = bar(current);
  if (!config_.target || finalize)
    line += message(" - ", python_format(now - start_, ".0f"), 's', duration(per_step, config_.unit_name));
  else
    line += " - ETA: " + remaining(per_step * static_cast<double>(*config_.target - current));
  line += figures(true);

  const std::size_t before = shown_width_, width = text_width(line);
  if (console_.terminal)
    line = std::string(before, '\b') + '\r' + line + std::string(before > width ? before - width : 0, ' ');
  shown_width_ = width;
  open_ = !finalize;
  write(finalize ? line + '\n' : line);
}

void Progbar::write_line(std::int64_t current, double now) {
  std::string line = std::to_string(current);
  if (config_.target) {
    const std::string goal = std::to_string(*config_.target);
    line = message(python_format(current, std::to_string(goal.size()) + "d"), '/', goal);
  }
  line += message(" - ", python_format(now - start_, ".0f"), 's', figures(false));
  if (epoch_end_) {
    const double seconds = *epoch_end_ - epoch_start_;
    line +=
        message(" -", duration(seconds, "epoch"), " -",
                duration(seconds / static_cast<double>(std::max<std::int64_t>(*config_.target, 1)), config_.unit_name));
    epoch_start_ = now;
    epoch_end_.reset();
  }
  write(line + '\n');
}

void Progbar::abandon() {
  if (open_) write("\n");
  open_ = false;
  shown_width_ = 0;
}

void Progbar::write(const std::string& text) const { *console_.out << text << std::flush; }

}  // namespace cornu::keras::utils
