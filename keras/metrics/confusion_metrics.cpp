#include "cornu/keras/metrics/confusion_metrics.h"

#include "cornu/keras/metrics/internal/confusion_counts.h"

namespace cornu::keras::metrics {
namespace {

using internal::Counting;
using internal::Counts;
using internal::ratio;
using internal::Thresholds;
using Which = Tensor Counts::*;

constexpr Which counted_by(std::string_view name) {
  return name == "true_positives"    ? &Counts::true_positives
         : name == "false_positives" ? &Counts::false_positives
         : name == "true_negatives"  ? &Counts::true_negatives
                                     : &Counts::false_negatives;
}

template <Literal kName>
class CountMetric final : public Counting<ConditionCountConfig<kName>> {
 public:
  using Config = ConditionCountConfig<kName>;
  CountMetric(Config config = {}) : Counting<Config>(std::move(config)) {  // NOLINT: from a config
    this->thresholds_ = Thresholds::given(this->config_.name, this->config_.thresholds);
    this->keep(counted_by(kName.text), "accumulator", {this->thresholds_.size()});
  }
  Array result() const override { return this->figures(this->kept(counted_by(kName.text))); }
};

// tp / (tp + other)
template <Literal kName>
class PrecisionRecall final : public Counting<PrecisionRecallConfig<kName>> {
 public:
  using Config = PrecisionRecallConfig<kName>;
  PrecisionRecall(Config config = {}) : Counting<Config>(std::move(config)) {  // NOLINT: from a config
    const Config& c = this->config_;
    this->thresholds_ = Thresholds::given(c.name, c.thresholds, c.top_k.has_value());
    this->counted_ = {.top_k = c.top_k, .class_id = c.class_id};
    this->keep(&Counts::true_positives, "true_positives", {this->thresholds_.size()});
    this->keep(counted_by(kOther), kOther, {this->thresholds_.size()});
  }
  Array result() const override {
    const Array tp = this->kept(&Counts::true_positives);
    return this->figures(ratio(tp, tp + this->kept(counted_by(kOther))));
  }
  Metric::Direction direction() const override { return Metric::Direction::kUp; }

 private:
  static constexpr const char* kOther =
      std::string_view(kName.text) == "precision" ? "false_positives" : "false_negatives";
};

// The shares that are compared, by the counts of which they are made: a / (a + b).
struct Share {
  Which part, rest;
};
constexpr Share kSensitivity{&Counts::true_positives, &Counts::false_negatives};
constexpr Share kSpecificity{&Counts::true_negatives, &Counts::false_positives};
constexpr Share kPrecision{&Counts::true_positives, &Counts::false_positives};

template <class Config, double Config::*asked, const Share& best, const Share& given>
class BestAt final : public Counting<Config> {
 public:
  BestAt(Config config = {}) : Counting<Config>(std::move(config)) {  // NOLINT: from a config
    this->thresholds_ = Thresholds::spread(this->config_.num_thresholds);
    this->counted_ = {.class_id = this->config_.class_id};
    this->keep_all({this->thresholds_.size()});
  }
  Array result() const override {
    const Array wanted = share(given) >= this->config_.*asked;
    return graph::max(graph::where(wanted, share(best), 0));
  }
  Metric::Direction direction() const override { return Metric::Direction::kUp; }

 private:
  Array share(const Share& of) const {
    const Array part = this->kept(of.part);
    return ratio(part, part + this->kept(of.rest));
  }
};

using SensitivityAtSpecificityMetric =
    BestAt<SensitivityAtSpecificityConfig, &SensitivityAtSpecificityConfig::specificity, kSensitivity, kSpecificity>;
using SpecificityAtSensitivityMetric =
    BestAt<SpecificityAtSensitivityConfig, &SpecificityAtSensitivityConfig::sensitivity, kSpecificity, kSensitivity>;
using PrecisionAtRecallMetric =
    BestAt<PrecisionAtRecallConfig, &PrecisionAtRecallConfig::recall, kPrecision, kSensitivity>;
using RecallAtPrecisionMetric =
    BestAt<RecallAtPrecisionConfig, &RecallAtPrecisionConfig::precision, kSensitivity, kPrecision>;

const bool confusion_metrics_registered =
    registry().add<CountMetric<"true_positives">>("TruePositives", {"true_positives"}) &&
    registry().add<CountMetric<"false_positives">>("FalsePositives", {"false_positives"}) &&
    registry().add<CountMetric<"true_negatives">>("TrueNegatives", {"true_negatives"}) &&
    registry().add<CountMetric<"false_negatives">>("FalseNegatives", {"false_negatives"}) &&
    registry().add<PrecisionRecall<"precision">>("Precision", {"precision"}) &&
    registry().add<PrecisionRecall<"recall">>("Recall", {"recall"}) &&
    registry().add<SensitivityAtSpecificityMetric>("SensitivityAtSpecificity") &&
    registry().add<SpecificityAtSensitivityMetric>("SpecificityAtSensitivity") &&
    registry().add<PrecisionAtRecallMetric>("PrecisionAtRecall") &&
    registry().add<RecallAtPrecisionMetric>("RecallAtPrecision");

template <class Config>
void best_at_fields(Config& c, ConfigVisitor& v) {
  v("num_thresholds", c.num_thresholds);
  v("class_id", c.class_id);
}

template <class Config>
void check_best_at(const Config& c, const char* argument, double asked) {
  graph::require<graph::ValueError>(asked >= 0 && asked <= 1, "metric '", c.name, "': `", argument,
                                    "` must be from 0 to 1, got ", asked);
  graph::require<graph::ValueError>(c.num_thresholds > 0, "metric '", c.name,
                                    "': `num_thresholds` must be above 0, got ", c.num_thresholds);
  graph::require<graph::ValueError>(c.class_id.value_or(0) >= 0, "metric '", c.name,
                                    "': `class_id` must not be negative, got ", c.class_id.value_or(0));
}

}  // namespace

template <Literal kName>
void ConditionCountConfig<kName>::fields(ConfigVisitor& v) {
  v("thresholds", thresholds);
}

template <Literal kName>
Made<Metric, ConditionCountConfig<kName>> ConditionCountConfig<kName>::make() const {
  return std::make_shared<CountMetric<kName>>(*this);
}
template struct ConditionCountConfig<"true_positives">;
template struct ConditionCountConfig<"false_positives">;
template struct ConditionCountConfig<"true_negatives">;
template struct ConditionCountConfig<"false_negatives">;

template <Literal kName>
void PrecisionRecallConfig<kName>::fields(ConfigVisitor& v) {
  v("thresholds", thresholds);
  v("top_k", top_k);
  v("class_id", class_id);
}
template <Literal kName>
void PrecisionRecallConfig<kName>::check() const {
  graph::require<graph::ValueError>(top_k.value_or(1) >= 1, "metric '", name, "': `top_k` must be at least 1, got ",
                                    top_k.value_or(1));
  graph::require<graph::ValueError>(class_id.value_or(0) >= 0, "metric '", name,
                                    "': `class_id` must not be negative, got ", class_id.value_or(0));
}
template <Literal kName>
Made<Metric, PrecisionRecallConfig<kName>> PrecisionRecallConfig<kName>::make() const {
  return std::make_shared<PrecisionRecall<kName>>(*this);
}
template struct PrecisionRecallConfig<"precision">;
template struct PrecisionRecallConfig<"recall">;

#define CORNU_BEST_AT(Name, argument)                                             \
  void Name##Config::fields(ConfigVisitor& v) {                                   \
    v(#argument, argument);                                                       \
    best_at_fields(*this, v);                                                     \
  }                                                                               \
  void Name##Config::check() const { check_best_at(*this, #argument, argument); } \
  Made<Metric, Name##Config> Name##Config::make() const { return std::make_shared<Name##Metric>(*this); }

CORNU_BEST_AT(SensitivityAtSpecificity, specificity)
CORNU_BEST_AT(SpecificityAtSensitivity, sensitivity)
CORNU_BEST_AT(PrecisionAtRecall, recall)
CORNU_BEST_AT(RecallAtPrecision, precision)
#undef CORNU_BEST_AT

}  // namespace cornu::keras::metrics
