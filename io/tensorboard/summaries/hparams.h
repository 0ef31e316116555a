#pragma once

#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

/// A hyperparameter's value: a number, a truth value or a text.
class HParam {
 public:
  enum class Kind { number, truth, text };
  template <class T>
  requires std::is_arithmetic_v<T> HParam(T value)  // NOLINT: converts
      : kind_(std::is_same_v<T, bool> ? Kind::truth : Kind::number), number_(static_cast<double>(value)) {}
  HParam(const char* text) : kind_(Kind::text), text_(text) {}             // NOLINT: converts
  HParam(std::string text) : kind_(Kind::text), text_(std::move(text)) {}  // NOLINT: converts

  Kind kind() const { return kind_; }
  double number() const { return number_; }
  bool truth() const { return number_ != 0; }
  const std::string& text() const { return text_; }

 private:
  Kind kind_;
  double number_ = 0;
  std::string text_;
};
/// `512`, `true`, `"rmsprop"`.
std::string to_string(const HParam& value);

/// A run's hyperparameters: `{{"units", 512}, {"optimizer", "rmsprop"}}`.
using HParams = std::map<std::string, HParam>;

/// What an experiment varies and looks at, `hp.hparams_config`. Without it TensorBoard infers the columns from the
/// runs.
struct Experiment {
  struct Parameter {
    std::string name;
    std::string display_name = {}, description = {};
    std::vector<HParam> values = {};                                   ///< the values that are tried, all of one kind
    std::optional<std::pair<double, double>> interval = std::nullopt;  ///< or the range they come from; not both
    std::optional<HParam> sample = std::nullopt;  ///< or just a value, which tells the kind and limits nothing
  };
  struct Metric {
    std::string tag;         ///< of a scalar
    std::string group = {};  ///< of the run below the trial's, "validation"; empty: the trial's own
    std::string display_name = {}, description = {};
  };
  std::vector<Parameter> parameters;
  std::vector<Metric> metrics;
};

enum class Status { unknown = 0, success = 1, failure = 2, running = 3 };

/// For the folder that holds all trials, or for one of them. Throws ValueError for a parameter without a name, with
/// values of several kinds, with both values and an interval, with an interval that ends before it begins, or there
/// twice, for a metric without a tag and for numbers that are not finite.
Summary hparams_experiment(const Experiment& experiment);
/// The begin of a trial, in its run. Runs with the same `trial` are repetitions of one trial, shown in one row; if it
/// is empty, the run is one of its own. `seconds` since 1970. Throws ValueError for a parameter without a name and for
/// numbers that are not finite, for which the dashboard shows an error instead of all runs: give them as text.
Summary hparams_session_start(const HParams& values, const std::string& trial, double seconds);
/// The end of a trial, in the same run.
Summary hparams_session_end(Status status, double seconds);

}  // namespace cornu::io::tensorboard::summaries
