#include "cornu/keras/layers/preprocessing/normalization.h"

#include <algorithm>
#include <tuple>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

constexpr double kLeastDeviation = 1e-7;  // Keras' backend.epsilon()

struct NormalizationLayer final : Configured<PreprocessingLayer, NormalizationConfig> {
  explicit NormalizationLayer(NormalizationConfig config) : Configured(std::move(config)) {
    const auto& [mean, variance] = std::tie(config_.mean, config_.variance);
    require<ValueError>(mean.has_value() == variance.has_value(), who(), "expected mean and variance, or none of them");
    set_supports_masking(true);
    if (!mean) return;
    require<ValueError>(mean->shape() == variance->shape(), who(),
                        "expected mean and variance of one shape, got shapes ", mean->shape(), " and ",
                        variance->shape());
    require<ValueError>(mean->ndim() <= static_cast<int>(config_.axis.size()), who(), "expected a mean of at most ",
                        config_.axis.size(), " axes, as many as axis has, got shape ", mean->shape());
  }

  void build(const Shape& input) override {
    rank_ = input.rank();
    kept_ = config_.axis.empty() ? std::vector<int>() : internal::axes_of(who(), config_.axis, input);
    lengths_ = internal::lengths_along(who(), input, kept_);
    if (config_.mean) {
      require_broadcast(config_.mean->shape());
      return;
    }
    mean_ = add_weight({.name = "mean", .shape = lengths_, .initializer = "zeros", .trainable = false});
    variance_ = add_weight({.name = "variance", .shape = lengths_, .initializer = "ones", .trainable = false});
    add_weight({.name = "count", .shape = {}, .dtype = graph::int64, .initializer = "zeros", .trainable = false});
  }

  Tensor call(const Tensor& given, Context&) override {
    require_fits(given.shape());
    const Tensor x = ops::cast(given, compute_dtype());
    const Tensor mean = beside(config_.mean, mean_), variance = beside(config_.variance, variance_);
    const Tensor deviation = ops::maximum(ops::sqrt(variance), graph::constant(kLeastDeviation, compute_dtype()));
    return config_.invert ? mean + x * deviation : (x - mean) / deviation;
  }

 private:
  void require_fits(const Shape& input) const {
    bool fits = input.rank() == rank_;
    for (std::size_t i = 0; fits && i < kept_.size(); ++i) fits = input[kept_[i]] == lengths_[static_cast<int>(i)];
    require<ShapeError>(fits, who(), "expected an input of ", rank_, " axes and lengths ", lengths_,
                        " along its axes, got shape ", input);
  }

  void require_broadcast(const Shape& mean) const {
    const int more = lengths_.rank() - mean.rank();
    for (int i = 0; i < mean.rank(); ++i)
      require<ShapeError>(mean[i] == 1 || mean[i] == lengths_[i + more], who(), "a mean of shape ", mean,
                          " does not broadcast to lengths ", lengths_, " along its axes");
  }

  // What is given, or the weight, with length 1 along the axes that do not have it.
  Tensor beside(const Numbers& given, const Variable& weight) const {
    const Shape& own = given ? given->shape() : lengths_;
    Shape shape;
    for (int axis = 0; axis < rank_; ++axis) shape = shape.append(1);
    const int more = lengths_.rank() - own.rank();  // the last axes are those that it has
    for (int i = 0; i < own.rank(); ++i) shape = shape.with(kept_[static_cast<std::size_t>(i + more)], own[i]);
    const Tensor value = given ? graph::constant(given->astype(compute_dtype())) : Tensor(weight);
    return ops::reshape(ops::cast(value, compute_dtype()), shape);
  }

  // The mean of all is that of the batches' means; to the variance within the batches comes that of their means.
  void learn(const std::vector<Array>& batches) override {
    require<ValueError>(!config_.mean, who(), "has a mean and a variance by its arguments: there is nothing to adapt");
    ensure_built_for({{graph::float32, batches.front().shape()}});
    std::vector<int> others;
    for (int axis = 0; axis < rank_; ++axis)
      if (std::find(kept_.begin(), kept_.end(), axis) == kept_.end()) others.push_back(axis);
    Array mean = graph::zeros(lengths_, graph::float64), variance = mean;
    double total = 0;
    for (const Array& batch : batches) {
      require_fits(batch.shape());
      require<ValueError>(batch.size() > 0, who(), "expected data to adapt to, got shape ", batch.shape());
      const Array x = batch.astype(graph::float64), own = others.empty() ? x : graph::mean(x, others);
      const double count = static_cast<double>(batch.size()) / static_cast<double>(own.size());
      const double share = count / (total += count);
      const Array now = mean * (1 - share) + own * share, before = mean - now, here = own - now;
      const Array within = others.empty() ? graph::zeros(lengths_, graph::float64) : graph::var(x, others);
      variance = (variance + before * before) * (1 - share) + (within + here * here) * share;
      mean = now;
    }
    mean_.assign(mean.astype(mean_.dtype()));
    variance_.assign(variance.astype(variance_.dtype()));
  }

  int rank_ = 0;
  std::vector<int> kept_;
  Shape lengths_;
  Variable mean_, variance_;
};

const bool normalization_registered = registry().add<NormalizationLayer>("Normalization");

}  // namespace

void NormalizationConfig::fields(ConfigVisitor& v) {
  v("axis", axis);
  v("mean", mean);
  v("variance", variance);
  v("invert", invert);
}

Made<PreprocessingLayer, NormalizationConfig> NormalizationConfig::make() const {
  return std::make_shared<NormalizationLayer>(*this);
}

}  // namespace cornu::keras::layers
