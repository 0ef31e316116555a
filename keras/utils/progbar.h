#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/callbacks/logs.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::utils {

struct ProgbarConfig {
  std::optional<std::int64_t> target = std::nullopt;  ///< how many steps there will be; nullopt: not known
  int width = 30;                                     ///< of the bar, in characters
  int verbose = 1;                                    ///< 0 silent, 1 a bar, 2 one line at the end
  double interval = 0.05;                             ///< seconds between two drawings
  std::vector<std::string> stateful_metrics =
      {};  ///< shown as they come; all other figures are averaged over the steps
  std::string unit_name = "step";
};

/// The progress bar of Keras 2 (`keras.utils.Progbar`), byte for byte. Where the console is no terminal, verbose 1
/// writes the finished bar's line alone, without control characters.
///
///     utils::Progbar bar({.target = 100});
///     for (int i = 1; i <= 100; ++i) bar.update(i, {{"loss", loss}});
class Progbar {
 public:
  explicit Progbar(ProgbarConfig config, Console console = Console::standard());

  /// Shows that `current` steps are done, with figures of the last one. `finalize`: ends the line; by default if the
  /// target is reached.
  void update(std::int64_t current, const Logs& values = {}, std::optional<bool> finalize = std::nullopt);
  void add(std::int64_t n, const Logs& values = {}) { update(seen_ + n, values); }
  /// The same in the middle of a run for figures that are all shown as they come: they are looked at only if something
  /// is drawn.
  void show(std::int64_t current, const Logs& latest);
  /// More figures that are shown as they come.
  void add_stateful_metrics(const Logs& names);
  /// From now on it is known how many steps there are.
  void set_target(std::int64_t target) { config_.target = target; }
  /// Ends a line that was begun and not finalized.
  void abandon();

 private:
  struct Figure {
    std::string name;
    bool stateful;
    double sum = 0;
    std::int64_t count = 0;
  };
  Figure& figure(const std::string& name);
  void average(std::int64_t current, const Logs& values);
  std::string figures(bool negative_in_full) const;
  std::string bar(std::int64_t current) const;
  std::string remaining(double seconds) const;
  double seconds_per_step(std::int64_t current, double now);
  void draw(std::int64_t current, double now, bool finalize);
  void write_line(std::int64_t current, double now);
  void write(const std::string& text) const;

  ProgbarConfig config_;
  Console console_;
  std::vector<Figure> figures_;
  std::int64_t seen_ = 0;
  std::size_t shown_width_ = 0;  // of the line that stands on the terminal
  bool open_ = false;            // a line is begun
  double start_, last_draw_ = -std::numeric_limits<double>::infinity();
  double epoch_start_;  // of verbose 2's time per epoch
  std::optional<double> epoch_end_, after_first_step_;
};

}  // namespace cornu::keras::utils
