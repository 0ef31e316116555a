#include "cornu/keras/layers/normalization/group_normalization.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/normalization/internal/axes.h"
#include "cornu/keras/layers/normalization/internal/moments.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct GroupNormalizationLayer final : Configured<Layer, GroupNormalizationConfig> {
  explicit GroupNormalizationLayer(GroupNormalizationConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.groups > 0 || config_.groups == -1, who(),
                        "expected a positive number of groups, or -1 for each channel by itself, got ", config_.groups);
    set_autocast(false);  // what comes in float32 and the weights are read as they are
    set_supports_masking(true);
  }

  void build(const Shape& input) override {
    require<ValueError>(config_.axis != 0 && config_.axis != -input.rank(), who(),
                        "axis 0 is the batch and has no channels");
    channels_ = internal::Channels::of(who(), config_.axis, input);
    require<ValueError>(groups() <= channels_.count, who(), "the number of groups (", groups(),
                        ") cannot be more than the number of channels (", channels_.count, ")");
    require<ValueError>(channels_.count % groups() == 0, who(), "the number of groups (", groups(),
                        ") must divide the number of channels (", channels_.count, ")");
    const Shape shape{channels_.count};
    if (config_.scale) gamma_ = add_weight(internal::gamma(config_, shape));
    if (config_.center) beta_ = add_weight(internal::beta(config_, shape));
  }

  Tensor call(const Tensor& x, Context&) override {
    channels_.require_in(who(), x.shape());
    // The channels become two axes: (batch, …, groups, channels of a group, …).
    Shape shape, single;
    std::vector<int> within;
    for (int axis = 0; axis < x.ndim(); ++axis) {
      if (axis == channels_.axis) shape = shape.append(groups()), single = single.append(groups());
      const std::int64_t length = axis == channels_.axis ? channels_.count / groups() : x.shape()[axis];
      shape = shape.append(length);
      single = single.append(axis == channels_.axis ? length : 1);
      if (axis > 0) within.push_back(shape.rank() - 1);
    }
    const auto read = [&](const Variable& weight) {
      return weight.defined() ? ops::reshape(ops::cast(weight, graph::float32), single) : Tensor();
    };
    const Tensor grouped = ops::reshape(ops::cast(x, graph::float32), shape),
                 y = internal::normalized(grouped, internal::moments(grouped, within), config_.epsilon, read(gamma_),
                                          read(beta_));
    return internal::narrowed(ops::reshape(y, x.shape()), x, compute_dtype());
  }

 private:
  std::int64_t groups() const { return config_.groups == -1 ? channels_.count : config_.groups; }

  internal::Channels channels_;
  Variable gamma_, beta_;
};

}  // namespace

void GroupNormalizationConfig::fields(ConfigVisitor& v) {
  v("groups", groups);
  v("axis", axis);
  v("epsilon", epsilon);
  v("center", center);
  v("scale", scale);
  internal::visit_initializers(*this, v);
  internal::visit_regularizers_and_constraints(*this, v);
}

CORNU_LAYER(GroupNormalizationConfig, GroupNormalizationLayer, "GroupNormalization");

}  // namespace cornu::keras::layers
