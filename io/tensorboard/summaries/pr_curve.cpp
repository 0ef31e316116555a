#include "cornu/io/tensorboard/summaries/pr_curve.h"

#include <algorithm>
#include <cmath>

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/proto/plugins.pb.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;

namespace {

constexpr double kRounding = 1e-6;      // softmax and sigmoid may give a little more than 1
constexpr double kLeastDivisor = 1e-7;  // as in TensorBoard: precision and recall are 0 if there are no positives

/// The number of the highest threshold that the prediction reaches. It is computed in the prediction's own precision,
/// as TensorBoard's ops do it.
template <class T>
std::int64_t bucket(T prediction, int thresholds) {
  return static_cast<std::int64_t>(std::floor(std::clamp(prediction, T{0}, T{1}) * static_cast<T>(thresholds - 1)));
}

}  // namespace

Summary pr_curve(std::string_view tag, const Array& labels, const Array& predictions, const PrCurveConfig& config) {
  cornu_tensorboard::PrCurvePluginData data;
  data.set_num_thresholds(static_cast<std::uint32_t>(std::max(config.num_thresholds, 0)));
  Summary summary = internal::new_summary(tag, "pr_curves", DataClass::tensor, config.about, data.SerializeAsString());
  const std::string who = message("[pr_curve \"", summary.tag, "\"]");
  const int n = config.num_thresholds;
  require<ValueError>(n >= 2, who, " needs at least 2 thresholds, got ", n);
  require<TypeError>(is_floating(predictions.dtype()), who, " needs predictions of a floating dtype, got ",
                     predictions.dtype());
  require<ShapeError>(labels.size() == predictions.size(), who, " needs a label for each prediction: labels of shape ",
                      labels.shape(), ", predictions of shape ", predictions.shape());
  require<ShapeError>(!config.weights || config.weights->size() == labels.size(), who,
                      " needs a weight for each label: labels of shape ", labels.shape(), ", weights of shape ",
                      config.weights ? config.weights->shape() : Shape{});
  require<ValueError>(labels.size() > 0, who, " needs at least one prediction");
  const bool wide = predictions.dtype() == float64;
  const Array truth = labels.astype(float64), exact = predictions.astype(float64),
              narrow = wide ? Array() : predictions.astype(float32);
  const Array weights = config.weights ? config.weights->astype(float64) : Array();

  Array table = zeros({6, n}, float64);
  double *tp = table.data<double>(), *fp = tp + n, *tn = fp + n, *fn = tn + n, *precision = fn + n,
         *recall = precision + n;
  for (std::int64_t i = 0; i < truth.size(); ++i) {
    const double label = truth.data<double>()[i], p = exact.data<double>()[i],
                 weight = config.weights ? weights.data<double>()[i] : 1;
    require<ValueError>(label == 0 || label == 1, who, " labels must be 0 or 1, got ", label);
    require<ValueError>(p >= -kRounding && p <= 1 + kRounding, who, " predictions must be from 0 to 1, got ", p);
    require<ValueError>(weight >= 0 && std::isfinite(weight), who, " weights must be finite and not negative, got ",
                        weight);
    (label == 1 ? tp : fp)[wide ? bucket(p, n) : bucket(narrow.data<float>()[i], n)] += weight;
  }
  for (int t = n - 1; t-- > 0;) tp[t] += tp[t + 1], fp[t] += fp[t + 1];
  for (int t = 0; t < n; ++t) {
    tn[t] = fp[0] - fp[t];
    fn[t] = tp[0] - tp[t];
    precision[t] = tp[t] / std::max(kLeastDivisor, tp[t] + fp[t]);
    recall[t] = tp[t] / std::max(kLeastDivisor, tp[0]);
  }
  summary.numbers = table.astype(float32);
  return summary;
}

}  // namespace cornu::io::tensorboard::summaries
