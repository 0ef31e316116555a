#include "cornu/keras/layers/normalization/batch_normalization.h"

#include <cmath>
#include <optional>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/keras/layers/normalization/internal/moments.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;
using internal::Moments;

Tensor wide(const Tensor& x) { return ops::cast(x, graph::float32); }
Tensor number(double x) { return graph::constant(x, graph::float32); }

struct BatchNormalizationLayer final : Configured<Layer, BatchNormalizationConfig> {
  explicit BatchNormalizationLayer(BatchNormalizationConfig config) : Configured(std::move(config)) {
    require<ValueError>(!config_.synchronized, who(),
                        "synchronized = true is not supported: statistics are those of one process' batch");
    check_clipping();
    set_autocast(false);  // weights and moving statistics are read as they are
    set_supports_masking(true);
  }

  void build(const Shape& input) override {
    channels_ = internal::Channels::of(who(), config_.axis, input);
    const Shape shape{channels_.count};
    if (config_.scale) gamma_ = add_weight(internal::gamma(config_, shape));
    if (config_.center) beta_ = add_weight(internal::beta(config_, shape));
    moving_mean_ = add_statistic("moving_mean", config_.moving_mean_initializer);
    moving_variance_ = add_statistic("moving_variance", config_.moving_variance_initializer);
    if (!config_.renorm) return;
    const auto root = [deviation = graph::sqrt(moving_variance_.value().astype(graph::float32))](const Shape&) {
      return deviation;
    };
    moving_stddev_ = add_statistic("moving_stddev", root);
    renorm_mean_ = add_statistic("renorm_mean", config_.moving_mean_initializer);
    renorm_stddev_ = add_statistic("renorm_stddev", root);
  }

  Tensor call(const Tensor& given, Context& ctx) override {
    channels_.require_in(who(), given.shape());
    const Tensor mask = ctx.mask(given);
    require<ValueError>(!mask.defined() || mask.ndim() == given.ndim() - 1, who(),
                        "expected a mask of all axes but the last, got shape ", mask.defined() ? mask.shape() : Shape(),
                        " for an input of shape ", given.shape());
    const Tensor x = wide(ops::cast_floating(given, compute_dtype()));
    Tensor gamma = config_.scale ? wide(gamma_) : Tensor(), beta = config_.center ? wide(beta_) : Tensor();
    Moments m;
    if (ctx.training() && ctx.trainable(*this)) {
      m = moments_of(x, mask);
      if (config_.renorm)
        renormalize(m, gamma, beta, ctx);
      else
        move(moving_variance_, m.variance, config_.momentum, ctx);
      move(moving_mean_, m.mean, config_.momentum, ctx);
    } else {
      m = {wide(moving_mean_), wide(moving_variance_)};
    }
    const auto placed = [&](const Tensor& t) {
      return t.defined() ? internal::beside(who(), x.shape(), t, {channels_.axis}) : t;
    };
    const Tensor y =
        internal::normalized(x, {placed(m.mean), placed(m.variance)}, config_.epsilon, placed(gamma), placed(beta));
    return ops::cast(y, compute_dtype());
  }

 private:
  void check_clipping() const {
    for (const auto& [name, bound] : config_.renorm_clipping)
      require<ValueError>(name == "rmin" || name == "rmax" || name == "dmax", who(),
                          "expected 'rmin', 'rmax' and 'dmax' in renorm_clipping, got '", name, "'");
    const auto rmin = clipping("rmin"), rmax = clipping("rmax"), dmax = clipping("dmax");
    require<ValueError>(!rmin || !rmax || *rmax >= *rmin, who(),
                        "expected rmax of renorm_clipping to be at least rmin, got rmax = ", rmax.value_or(0),
                        " and rmin = ", rmin.value_or(0));
    require<ValueError>(dmax.value_or(0) >= 0, who(), "expected a dmax of renorm_clipping that is not negative, got ",
                        dmax.value_or(0));
  }
  std::optional<double> clipping(const char* name) const {
    const auto found = config_.renorm_clipping.find(name);
    return found == config_.renorm_clipping.end() ? std::nullopt : std::optional<double>(found->second);
  }

  Variable add_statistic(const char* name, const Arg<initializers::Initializer>& initializer) {
    return add_weight({.name = name, .shape = {channels_.count}, .initializer = initializer, .trainable = false});
  }

  // Of the batch, each (channels,).
  Moments moments_of(const Tensor& x, const Tensor& mask) const {
    std::vector<int> others;
    for (int axis = 0; axis < x.ndim(); ++axis)
      if (axis != channels_.axis) others.push_back(axis);
    const auto [mean, variance] =
        mask.defined()
            ? internal::masked_moments(x, ops::broadcast_to(ops::expand_dims(mask, mask.ndim()), x.shape()), others)
            : internal::moments(x, others);
    return {ops::reshape(mean, {channels_.count}), ops::reshape(variance, {channels_.count})};
  }

  Tensor move(const Variable& statistic, const Tensor& value, double momentum, Context& ctx) const {
    const Tensor moved = wide(statistic) * momentum + value * (1 - momentum);
    ctx.update(statistic, moved);
    return moved;
  }

  // Sergey Ioffe, "Batch Renormalization": with r and d, through which no gradient flows, what is normalized by the
  // batch becomes what the moving statistics would make of it. x r + d, and of that gamma and beta, is one gamma and
  // beta.
  void renormalize(const Moments& m, Tensor& gamma, Tensor& beta, Context& ctx) const {
    const Tensor deviation = ops::sqrt(m.variance + config_.epsilon);
    const Tensor usual = ops::maximum(wide(renorm_stddev_), number(std::sqrt(config_.epsilon)));
    Tensor r = deviation / usual, d = (m.mean - wide(renorm_mean_)) / usual;
    if (const auto rmin = clipping("rmin")) r = ops::maximum(r, number(*rmin));
    if (const auto rmax = clipping("rmax")) r = ops::minimum(r, number(*rmax));
    if (const auto dmax = clipping("dmax")) d = ops::clip(d, -*dmax, *dmax);
    r = ops::stop_gradient(r), d = ops::stop_gradient(d);
    const Tensor offset = gamma.defined() ? d * gamma : d;
    gamma = gamma.defined() ? r * gamma : r;
    beta = beta.defined() ? offset + beta : offset;
    move(renorm_mean_, m.mean, config_.renorm_momentum, ctx);
    move(renorm_stddev_, deviation, config_.renorm_momentum, ctx);
    // Inference takes the square of the moving deviation: rounding must not make it negative.
    const Tensor moving = move(moving_stddev_, deviation, config_.momentum, ctx);
    ctx.update(moving_variance_, ops::relu(moving * moving - config_.epsilon));
  }

  internal::Channels channels_;
  Variable gamma_, beta_, moving_mean_, moving_variance_, moving_stddev_, renorm_mean_, renorm_stddev_;
};

}  // namespace

void BatchNormalizationConfig::fields(ConfigVisitor& v) {
  std::vector<int> axes{axis};  // Keras 2 writes a list
  v("axis", axes, {.number_if_one = true});
  require<ValueError>(axes.size() == 1, "BatchNormalization: expected one axis, got ", axes.size());
  axis = axes.front();
  v("momentum", momentum);
  v("epsilon", epsilon);
  v("center", center);
  v("scale", scale);
  internal::visit_initializers(*this, v);
  v("moving_mean_initializer", moving_mean_initializer);
  v("moving_variance_initializer", moving_variance_initializer);
  internal::visit_regularizers_and_constraints(*this, v);
  // Keras 2 writes these where they mean something.
  if (renorm || v.purpose() != ConfigVisitor::Purpose::write_keras2) {
    v("renorm", renorm);
    v.visit({"renorm_clipping"}, &renorm_clipping);
    v("renorm_momentum", renorm_momentum);
  }
  v("synchronized", synchronized, {.since_keras3 = true});
}

CORNU_LAYER(BatchNormalizationConfig, BatchNormalizationLayer, "BatchNormalization");

}  // namespace cornu::keras::layers
