#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/metrics/metric.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::metrics::internal {

/// Where predictions are cut: what is above a threshold is positive.
struct Thresholds {
  std::vector<double> values;
  bool even = false;   ///< from 0 to 1 in equal steps: each prediction is put into a bucket instead of being compared
  bool wider = false;  ///< the first one lies a little below 0 and the last one above 1, so that 0 is above the first

  /// Those that a user gave, or 0.5; with `top_k`, which chooses by itself, a number below all predictions. Throws
  /// ValueError, naming the metric, for numbers that are not from 0 to 1.
  static Thresholds given(const std::string& metric, const std::vector<double>& values, bool with_top_k = false);
  /// So many from 0 to 1; one alone is 0.5.
  static Thresholds spread(int count);
  std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
};

/// Whether they are 0, 1 / (n - 1), 2 / (n - 1), …, 1.
bool are_even(const std::vector<double>& thresholds);

/// How predictions are looked at.
struct Counted {
  std::optional<int> top_k = std::nullopt;     ///< only the k greatest of each row can be positive
  std::optional<int> class_id = std::nullopt;  ///< this column alone
  bool multi_label = false;                    ///< each column by itself
  std::vector<double> label_weights = {};      ///< of the columns; none: 1
};

/// Sums of weights of the samples that are positive or not, and are rightly called so or not, at each threshold:
/// float32 (thresholds,), or (thresholds, labels).
struct Counts {
  Tensor true_positives, false_positives, true_negatives, false_negatives;
};

/// Predictions (…, n), targets and weights of the same shape or without its last axis. Throws ShapeError or ValueError,
/// naming the metric, for what does not fit.
Counts count(const std::string& metric, const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
             const Thresholds& thresholds, const Counted& counted);

/// a / b, and 0 where b is 0.
Array ratio(const Array& a, const Array& b);

/// The base of metrics that add up some of the counts.
template <class ConfigStruct>
class Counting : public Configured<Metric, ConfigStruct> {
 public:
  using Configured<Metric, ConfigStruct>::Configured;
  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override {
    const Counts counts = count(this->name(), y_true, y_pred, sample_weight, thresholds_, counted_);
    for (const auto& [which, total] : kept_) ctx.update(total, ctx.value(total) + counts.*which);
  }

 protected:
  Thresholds thresholds_;
  Counted counted_;

  using Which = Tensor Counts::*;
  void keep(Which which, const std::string& name, const Shape& shape) {
    kept_.emplace_back(which, this->add_variable(shape, name));
  }
  /// All four, under Keras' names.
  void keep_all(const Shape& shape) {
    keep(&Counts::true_positives, "true_positives", shape);
    keep(&Counts::false_positives, "false_positives", shape);
    keep(&Counts::true_negatives, "true_negatives", shape);
    keep(&Counts::false_negatives, "false_negatives", shape);
  }
  bool keeps_any() const { return !kept_.empty(); }
  Array kept(Which which) const {
    for (const auto& [one, total] : kept_)
      if (one == which) return total.value();
    return {};
  }
  /// A figure for each threshold, or for the one that there is.
  Array figures(const Array& of_each) const { return thresholds_.size() == 1 ? of_each.reshape({}) : of_each; }

 private:
  std::vector<std::pair<Which, Variable>> kept_;
};

}  // namespace cornu::keras::metrics::internal
