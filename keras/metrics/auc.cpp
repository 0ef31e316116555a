#include "cornu/keras/metrics/auc.h"

#include <algorithm>

#include "cornu/keras/epsilon.h"
#include "cornu/keras/metrics/internal/confusion_counts.h"
#include "cornu/keras/utils/internal/to_lower.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::metrics {
namespace {

using graph::require;
using graph::ShapeError;
using graph::ValueError;
using graph::where;
using internal::Counts;
using internal::ratio;

// All but the last, and all but the first.
Array before(const Array& x) { return x.slice(0, x.rows() - 1); }
Array after(const Array& x) { return x.slice(1, x.rows()); }

class AUCMetric final : public internal::Counting<AUCConfig> {
 public:
  AUCMetric(AUCConfig config = {}) : Counting(std::move(config)) {  // NOLINT: from a config
    std::vector<double> inner = config_.thresholds;
    if (inner.empty()) {
      for (int i = 1; i < config_.num_thresholds - 1; ++i)
        inner.push_back(static_cast<double>(i) / (config_.num_thresholds - 1));
    }
    std::sort(inner.begin(), inner.end());
    std::vector<double>& all = thresholds_.values;
    all.push_back(0);
    all.insert(all.end(), inner.begin(), inner.end());
    all.push_back(1);
    thresholds_.even = config_.thresholds.empty() || internal::are_even(all);
    thresholds_.wider = true;
    all.front() -= kEpsilon, all.back() += kEpsilon;
    counted_.multi_label = config_.multi_label;
    if (!config_.multi_label) counted_.label_weights = config_.label_weights;
    if (!config_.multi_label)
      keep_all({thresholds_.size()});
    else if (config_.num_labels)
      keep_labels(*config_.num_labels);
  }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override {
    const Tensor p = ops::cast(y_pred, graph::float32);
    if (config_.multi_label) {
      require<ShapeError>(p.ndim() == 2, "metric '", name(),
                          "': with `multi_label` predictions are (samples, labels), got shape ", p.shape());
      const std::int64_t labels = p.shape().back();
      if (!keeps_any()) keep_labels(labels);
      const std::int64_t kept_labels = kept(&Counts::true_positives).shape().back();
      require<ShapeError>(labels == kept_labels, "metric '", name(), "': expected ", kept_labels,
                          " labels, got predictions of shape ", p.shape());
    }
    Counting::update_state(y_true, config_.from_logits ? ops::sigmoid(p) : p, sample_weight, ctx);
  }

  Array result() const override {
    if (!keeps_any()) return Array::scalar(0.F);
    const Array areas = graph::sum(parts(), 0);
    if (!config_.multi_label) return areas;
    if (config_.label_weights.empty()) return graph::mean(areas);
    const Array weights = Array(config_.label_weights).astype(graph::float32);
    return ratio(graph::sum(areas * weights), graph::sum(weights));
  }
  Direction direction() const override { return Direction::kUp; }
  // The first batch says how many labels there are, or a state that is read.
  void state(StateVisitor& v) override {
    if (config_.multi_label) {
      std::int64_t labels = keeps_any() ? kept(&Counts::true_positives).shape().back() : 0;
      v("labels", labels);
      if (labels > 0 && !keeps_any()) keep_labels(labels);
    }
    Counting::state(v);
  }

 private:
  void keep_labels(std::int64_t labels) {
    const auto weights = static_cast<std::int64_t>(config_.label_weights.size());
    require<ShapeError>(weights == 0 || weights == labels, "metric '", name(), "': ", weights, " `label_weights` for ",
                        labels, " labels");
    keep_all({thresholds_.size(), labels});
  }

  // What lies under the curve between each two thresholds.
  Array parts() const {
    const Array tp = kept(&Counts::true_positives), fp = kept(&Counts::false_positives),
                tn = kept(&Counts::true_negatives), fn = kept(&Counts::false_negatives);
    const bool interpolated = config_.summation_method == "interpolation";
    if (config_.curve == "PR" && interpolated) return interpolated_precision(tp, fp, fn);
    const auto [x, y] = curve(tp, fp, tn, fn);
    const Array heights = interpolated                             ? (before(y) + after(y)) / 2
                          : config_.summation_method == "minoring" ? graph::minimum(before(y), after(y))
                                                                   : graph::maximum(before(y), after(y));
    return (before(x) - after(x)) * heights;
  }

  std::pair<Array, Array> curve(const Array& tp, const Array& fp, const Array& tn, const Array& fn) const {
    const Array recall = ratio(tp, tp + fn);
    if (config_.curve == "ROC") return {ratio(fp, fp + tn), recall};
    if (config_.curve == "PR") return {recall, ratio(tp, tp + fp)};
    // Flach and Kull, Precision-Recall-Gain Curves (2015). Without true positives the gain of precision is 1.
    const Array odds = ratio(tp + fn, tn + fp), none = tp == 0;
    const Array recall_gain = where(none, 0, 1 - odds * ratio(fn, tp));
    return {graph::maximum(recall_gain, 0), where(none, 1, 1 - odds * ratio(fp, tp))};
  }

  // Between two thresholds true and false positives change linearly, and precision with them by a curve whose area is
  // known: slope (dtp + (tp - slope p) log(p_before / p_after)), p being all positives.
  static Array interpolated_precision(const Array& tp, const Array& fp, const Array& fn) {
    const Array p = tp + fp, dtp = before(tp) - after(tp);
    const Array slope = ratio(dtp, graph::maximum(before(p) - after(p), 0));
    const Array growth = where(before(p) > 0, where(after(p) > 0, ratio(before(p), after(p)), 1), 1);
    const Array area = slope * (dtp + (after(tp) - slope * after(p)) * graph::log(growth));
    return ratio(area, graph::maximum(after(tp) + after(fn), 0));
  }
};

const bool auc_registered = registry().add<AUCMetric>("AUC", {"auc"});

// Keras takes these words in lower case, in capitals and as names.
void require_word(const std::string& metric, const char* argument, std::string& word, const char* known,
                  std::initializer_list<std::string_view> words) {
  const std::string given = utils::to_lower(word);
  for (const std::string_view one : words)
    if (given == utils::to_lower(std::string(one))) return void(word = one);
  throw ValueError(graph::message("metric '", metric, "': `", argument, "` must be ", known, ", got '", word, "'"));
}

}  // namespace

void AUCConfig::fields(ConfigVisitor& v) {
  v("num_thresholds", num_thresholds);
  v("curve", curve);
  if (curve == "PRGAIN") v.not_in_keras2("curve 'PRGAIN'");
  v("summation_method", summation_method);
  v("thresholds", thresholds, {.unless_null = true});
  v("multi_label", multi_label);
  v("num_labels", num_labels);
  v("label_weights", label_weights);
  v("from_logits", from_logits);
}

void AUCConfig::check() {
  require_word(name, "curve", curve, "'ROC', 'PR' or 'PRGAIN'", {"ROC", "PR", "PRGAIN"});
  require_word(name, "summation_method", summation_method, "'interpolation', 'minoring' or 'majoring'",
               {"interpolation", "minoring", "majoring"});
  if (!thresholds.empty()) num_thresholds = static_cast<int>(thresholds.size()) + 2;
  require<ValueError>(num_thresholds > 1, "metric '", name, "': `num_thresholds` must be above 1, got ",
                      num_thresholds);
  require<ValueError>(!num_labels || multi_label, "metric '", name, "': `num_labels` needs `multi_label`");
}
Made<Metric, AUCConfig> AUCConfig::make() const { return std::make_shared<AUCMetric>(*this); }

}  // namespace cornu::keras::metrics
