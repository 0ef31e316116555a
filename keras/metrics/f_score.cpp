#include "cornu/keras/metrics/f_score.h"

#include <algorithm>
#include <array>

#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/keras/metrics/internal/of_outputs.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::metrics {
namespace {

using graph::float32;
using graph::require;
using graph::ValueError;

template <class Config>
class FScore final : public internal::OfOutputs<Config> {
 public:
  FScore(Config config = {}) : internal::OfOutputs<Config>(std::move(config)) {}  // NOLINT: from a config

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override {
    const auto [t, p, weights] = this->columns(y_true, y_pred, sample_weight);
    const Tensor positive = ops::cast(called_positive(p), float32);
    add(true_positives_, positive * t, weights, ctx);
    add(false_positives_, positive * (1 - t), weights, ctx);
    add(false_negatives_, (1 - positive) * t, weights, ctx);
    add(true_ones_, t, weights, ctx);
  }

  Array result() const override {
    if (!this->built()) return Array::scalar(0.F);
    const Array tp = true_positives_.value();
    const Array precision = tp / (tp + false_positives_.value() + kEpsilon);
    const Array recall = tp / (tp + false_negatives_.value() + kEpsilon);
    const double b2 = beta() * beta();
    const Array score = precision * recall / (b2 * precision + recall + kEpsilon) * (1 + b2);
    const std::string& average = this->config_.average;
    if (average.empty()) return score;
    if (average != "weighted") return graph::mean(score);
    const Array support = true_ones_.value();
    return graph::sum(score * (support / (graph::sum(support) + kEpsilon)));
  }
  Metric::Direction direction() const override { return Metric::Direction::kUp; }

 private:
  Variable true_positives_, false_positives_, false_negatives_, true_ones_;

  double beta() const {
    if constexpr (requires(const Config& c) { c.beta; })
      return this->config_.beta;
    else
      return 1;
  }
  bool micro() const { return this->config_.average == "micro"; }

  void keep(std::int64_t outputs) override {
    const Shape shape = micro() ? Shape{} : Shape{outputs};
    true_positives_ = this->add_variable(shape, "true_positives");
    false_positives_ = this->add_variable(shape, "false_positives");
    false_negatives_ = this->add_variable(shape, "false_negatives");
    true_ones_ = this->add_variable(shape, "intermediate_weights");
  }

  Tensor called_positive(const Tensor& p) const {
    const auto number = [](double value) { return graph::constant(value, float32); };
    if (this->config_.threshold) return ops::greater(p, number(*this->config_.threshold));
    // A row of zeros has no greatest one.
    return ops::logical_and(ops::greater_equal(p, ops::max(p, -1, ops::keepdims)),
                            ops::greater(ops::abs(p), number(1e-9)));
  }

  void add(const Variable& total, const Tensor& counted, const Tensor& weights, Context& ctx) const {
    const Tensor weighted = weights.defined() ? counted * weights : counted;
    ctx.update(total, ctx.value(total) + (micro() ? ops::sum(weighted) : ops::sum(weighted, 0)));
  }
};

const bool f_score_registered =
    registry().add<FScore<FBetaScoreConfig>>("FBetaScore", {"f_beta_score", "fbeta_score"}) &&
    registry().add<FScore<F1ScoreConfig>>("F1Score", {"f1_score"});

template <class Config>
void require_right(const Config& c) {
  static constexpr std::array<std::string_view, 4> known = {"", "micro", "macro", "weighted"};
  require<ValueError>(std::find(known.begin(), known.end(), c.average) != known.end(), "metric '", c.name,
                      "': `average` must be none, 'micro', 'macro' or 'weighted', got '", c.average, "'");
  require<ValueError>(!c.threshold || (*c.threshold > 0 && *c.threshold <= 1), "metric '", c.name,
                      "': `threshold` must be above 0 and at most 1, got ", c.threshold.value_or(0));
}

}  // namespace

void FBetaScoreConfig::fields(ConfigVisitor& v) {
  v("average", average);
  v("beta", beta);
  v("threshold", threshold);
}
void FBetaScoreConfig::check() const {
  require_right(*this);
  require<ValueError>(beta > 0, "metric '", name, "': `beta` must be above 0, got ", beta);
}
Made<Metric, FBetaScoreConfig> FBetaScoreConfig::make() const {
  return std::make_shared<FScore<FBetaScoreConfig>>(*this);
}

void F1ScoreConfig::fields(ConfigVisitor& v) {
  v("average", average);
  v("threshold", threshold);
}
void F1ScoreConfig::check() const { require_right(*this); }
Made<Metric, F1ScoreConfig> F1ScoreConfig::make() const { return std::make_shared<FScore<F1ScoreConfig>>(*this); }

}  // namespace cornu::keras::metrics
