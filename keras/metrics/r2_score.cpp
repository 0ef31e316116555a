#include "cornu/keras/metrics/r2_score.h"

#include <cmath>
#include <limits>

#include "cornu/keras/metrics/internal/of_outputs.h"
#include "cornu/keras/utils/console.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

using graph::require;
using graph::ValueError;

class R2ScoreMetric final : public internal::OfOutputs<R2ScoreConfig> {
 public:
  R2ScoreMetric(R2ScoreConfig config = {}) : OfOutputs(std::move(config)) {}  // NOLINT: from a config

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override {
    const auto [t, p, given] = columns(y_true, y_pred, sample_weight);
    const Tensor weights = given.defined() ? ops::broadcast_to(given, t.shape()) : ops::ones_like(t);
    const auto add = [&](const Variable& total, const Tensor& x) {
      ctx.update(total, ctx.value(total) + ops::sum(x, 0));
    };
    add(squared_sum_, t * (t * weights));
    add(sum_, t * weights);
    add(residual_, ops::square(t - p) * weights);
    add(count_, weights);
    ctx.update(num_samples_, ctx.value(num_samples_) + static_cast<double>(t.shape().elements()));
  }

  Array result() const override {
    if (num_samples_.value().item<float>() == 0) return Array::scalar(0.F);
    const Array sum = sum_.value(), variation = squared_sum_.value() - sum * (sum / count_.value());
    Array scores = 1 - residual_.value() / variation;
    constexpr double kInf = std::numeric_limits<double>::infinity();
    scores = graph::where(graph::abs(scores) == kInf, 0, scores);
    if (config_.class_aggregation.empty()) return adjusted(scores);
    if (config_.class_aggregation == "uniform_average") return adjusted(graph::mean(scores));
    return adjusted(graph::sum(variation * scores) / graph::sum(variation));
  }
  Direction direction() const override { return Direction::kUp; }

 private:
  Variable num_samples_ = add_variable({}, "num_samples"), squared_sum_, sum_, residual_, count_;

  void keep(std::int64_t outputs) override {
    squared_sum_ = add_variable({outputs}, "squared_sum");
    sum_ = add_variable({outputs}, "sum");
    residual_ = add_variable({outputs}, "residual");
    count_ = add_variable({outputs}, "count");
  }

  Array adjusted(const Array& score) const {
    const double n = num_samples_.value().item<float>(), p = config_.num_regressors;
    if (p == 0) return score;
    if (p < n - 1) return 1 - (1 - score) * ((n - 1) / (n - p - 1));
    utils::warn(graph::message("metric '", name(), "': ", n, " data are too few to adjust the score for ", p,
                               " predictors; it is the score that is not adjusted"));
    return score;
  }
};

const bool r2_score_registered = registry().add<R2ScoreMetric>("R2Score", {"r2_score"});

}  // namespace

void R2ScoreConfig::fields(ConfigVisitor& v) {
  v("class_aggregation", class_aggregation);
  v("num_regressors", num_regressors);
}
void R2ScoreConfig::check() const {
  require<ValueError>(class_aggregation.empty() || class_aggregation == "uniform_average" ||
                          class_aggregation == "variance_weighted_average",
                      "metric '", name, "': `class_aggregation` must be none, 'uniform_average' or ",
                      "'variance_weighted_average', got '", class_aggregation, "'");
  require<ValueError>(num_regressors >= 0, "metric '", name, "': `num_regressors` must not be negative, got ",
                      num_regressors);
}
Made<Metric, R2ScoreConfig> R2ScoreConfig::make() const { return std::make_shared<R2ScoreMetric>(*this); }

}  // namespace cornu::keras::metrics
