#include "cornu/keras/metrics/iou.h"

#include <numeric>

#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::metrics {
namespace {

using graph::float32;
using graph::int32;
using graph::require;
using graph::ShapeError;
using graph::ValueError;

/// What the configs say, and what one leaves out for the others.
struct Areas {
  int num_classes = 2;
  std::vector<int> target_class_ids = {};  // none: all
  std::optional<int> ignore_class = std::nullopt;
  std::optional<double> threshold = std::nullopt;
  bool sparse_y_true = false;
  bool sparse_y_pred = true;
  int axis = -1;

  template <class Config>
  static Areas of(const Config& c) {
    Areas areas;
    if constexpr (requires { c.num_classes; }) areas.num_classes = c.num_classes;
    if constexpr (requires { c.target_class_ids; }) areas.target_class_ids = c.target_class_ids;
    if constexpr (requires { c.ignore_class; }) areas.ignore_class = c.ignore_class;
    if constexpr (requires { c.threshold; }) areas.threshold = c.threshold, areas.sparse_y_true = true;
    if constexpr (requires { c.sparse_y_true; }) areas.sparse_y_true = c.sparse_y_true;
    if constexpr (requires { c.sparse_y_pred; }) areas.sparse_y_pred = c.sparse_y_pred;
    if constexpr (requires { c.axis; }) areas.axis = c.axis;
    return areas;
  }
};

template <class Config>
void visit_areas(Config& c, ConfigVisitor& v) {
  if constexpr (requires { c.num_classes; }) v("num_classes", c.num_classes);
  if constexpr (requires { c.target_class_ids; }) v("target_class_ids", c.target_class_ids);
  if constexpr (requires { c.threshold; }) v("threshold", c.threshold);
  if constexpr (requires { c.ignore_class; }) v("ignore_class", c.ignore_class);
  if constexpr (requires { c.sparse_y_true; }) v("sparse_y_true", c.sparse_y_true);
  if constexpr (requires { c.sparse_y_pred; }) v("sparse_y_pred", c.sparse_y_pred);
  if constexpr (requires { c.axis; }) v("axis", c.axis);
}

template <class Config>
void check_areas(Config& c) {
  if (c.dtype.empty()) c.dtype = "int64";
  const Areas areas = Areas::of(c);
  require<ValueError>(areas.num_classes >= 1, "metric '", c.name, "': `num_classes` must be at least 1, got ",
                      areas.num_classes);
  if constexpr (requires { c.target_class_ids; })
    require<ValueError>(!c.target_class_ids.empty(), "metric '", c.name, "' needs `target_class_ids`");
  require<graph::TypeError>(c.dtype == "int64" || c.dtype == "int32" || c.dtype == "float32", "metric '", c.name,
                            "' is computed in int64, int32 or float32, got dtype '", c.dtype, "'");
  for (const int id : areas.target_class_ids)
    require<ValueError>(id >= 0 && id < areas.num_classes, "metric '", c.name,
                        "': `target_class_ids` must be from 0 to ", areas.num_classes - 1, ", got ", id);
}

template <class Config>
class IoUMetric final : public Configured<Metric, Config> {
 public:
  IoUMetric(Config config = {})  // NOLINT: from a config
      : Configured<Metric, Config>(std::move(config)), areas_(Areas::of(this->config_)) {
    const std::int64_t n = areas_.num_classes;
    matrix_ = this->add_variable({n, n}, "total_confusion_matrix");
    if (!areas_.target_class_ids.empty()) return;
    areas_.target_class_ids.resize(static_cast<std::size_t>(n));
    std::iota(areas_.target_class_ids.begin(), areas_.target_class_ids.end(), 0);
  }

  // Keras 2 compares predictions with the threshold in this dtype, which has to have fractions.
  void fields(ConfigVisitor& v) override {
    Config c = this->config_;
    if constexpr (requires { c.threshold; })
      if (v.purpose() == ConfigVisitor::Purpose::write_keras2) c.dtype = "float32";
    this->visit(c, v);
  }

  void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) override {
    const Tensor t = classes_of(y_true, areas_.sparse_y_true);
    const Tensor p = classes_of(called(y_pred), areas_.sparse_y_pred);
    require<ShapeError>(t.shape().elements() == p.shape().elements(), "metric '", this->name(), "': targets of shape ",
                        y_true.shape(), " do not fit predictions of shape ", y_pred.shape());
    const Tensor labels = ops::reshape(t, {-1}), predicted = ops::reshape(p, {-1});
    const Tensor n = whole(areas_.num_classes);
    Tensor counts = ops::logical_and(is_class(labels), is_class(predicted));
    if (areas_.ignore_class) counts = ops::logical_and(counts, ops::not_equal(labels, whole(*areas_.ignore_class)));
    // Beyond the matrix nothing is counted.
    const Tensor place = ops::where(counts, labels * n + predicted, n * n);
    const Tensor added = ops::scatter_add(place, weights_for(t.shape(), sample_weight), {matrix_.shape().elements()});
    ctx.update(matrix_, ctx.value(matrix_) + ops::reshape(added, matrix_.shape()));
  }

  Array result() const override {
    const Array matrix = matrix_.value();
    const int n = areas_.num_classes;
    const auto at = [&](int i, int j) { return static_cast<double>(matrix.data<float>()[i * n + j]); };
    double total = 0, occurred = 0;
    for (const int id : areas_.target_class_ids) {
      double united = -at(id, id);
      for (int other = 0; other < n; ++other) united += at(id, other) + at(other, id);
      total += at(id, id) / (united + kEpsilon);
      if (united > 1e-9) ++occurred;
    }
    return Array::scalar(static_cast<float>(total / (occurred + kEpsilon)));
  }
  Metric::Direction direction() const override { return Metric::Direction::kUp; }

 private:
  Areas areas_;
  Variable matrix_;

  static Tensor whole(int value) { return graph::constant(value, int32); }
  Tensor is_class(const Tensor& x) const {
    return ops::logical_and(ops::greater_equal(x, whole(0)), ops::less(x, whole(areas_.num_classes)));
  }
  Tensor called(const Tensor& y_pred) const {
    if (!areas_.threshold) return y_pred;
    const Tensor p = ops::cast(y_pred, float32);
    return ops::greater_equal(p, graph::constant(*areas_.threshold, float32));
  }
  Tensor classes_of(const Tensor& x, bool sparse) const {
    return ops::cast(sparse ? x : ops::argmax(x, areas_.axis), int32);
  }

  // A weight for each element of targets of that shape.
  Tensor weights_for(const Shape& shape, const Tensor& sample_weight) const {
    if (!sample_weight.defined()) return graph::ones({shape.elements()});
    Tensor weights = ops::cast(sample_weight, float32);
    if (this->config_.dtype != "float32") weights = ops::trunc(weights);
    if (weights.shape().elements() == shape.elements()) return ops::reshape(weights, {-1});
    while (weights.ndim() > 0 && weights.ndim() < shape.rank()) weights = ops::expand_dims(weights, -1);
    try {
      return ops::reshape(ops::broadcast_to(weights, shape), {-1});
    } catch (const ShapeError&) {
      throw ShapeError(graph::message("metric '", this->name(), "': sample weights of shape ", sample_weight.shape(),
                                      " do not fit targets of shape ", shape));
    }
  }
};

}  // namespace

#define CORNU_IOU(Name, ...)                                                                                         \
  void Name##Config::fields(ConfigVisitor& v) { visit_areas(*this, v); }                                             \
  void Name##Config::check() { check_areas(*this); }                                                                 \
  Made<Metric, Name##Config> Name##Config::make() const { return std::make_shared<IoUMetric<Name##Config>>(*this); } \
  static const bool Name##_registered = registry().add<IoUMetric<Name##Config>>(#Name, {__VA_ARGS__})

CORNU_IOU(IoU, "io_u");
CORNU_IOU(MeanIoU, "mean_io_u");
CORNU_IOU(OneHotIoU, "one_hot_io_u");
CORNU_IOU(OneHotMeanIoU, "one_hot_mean_io_u");
CORNU_IOU(BinaryIoU, "binary_io_u");
#undef CORNU_IOU

}  // namespace cornu::keras::metrics
