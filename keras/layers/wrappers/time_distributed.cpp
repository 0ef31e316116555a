#include "cornu/keras/layers/wrappers/time_distributed.h"

#include "cornu/keras/layers/wrappers/wrapper.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

// Steps as samples: (batch, steps, …) -> (batch * steps, …).
Tensor flat(const Tensor& x) { return ops::reshape(x, x.shape().drop_front(2).prepend(x.shape()[0] * x.shape()[1])); }

struct TimeDistributedLayer final : Wrapper<TimeDistributedConfig> {
  explicit TimeDistributedLayer(TimeDistributedConfig config) : Wrapper(std::move(config)) { require_layer(); }

  void build(const Shape& input) override {
    require<ShapeError>(input.rank() >= 3, who(), "expected an input of at least three axes, got shape ", input);
    layer()->ensure_built(input.drop_front(2).prepend(kUnknown));
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    require<ShapeError>(x.ndim() >= 3, who(), "expected an input of at least three axes, got shape ", x.shape());
    const Tensor steps = flat(x), mask = ctx.mask(x);
    if (mask.defined() && mask.ndim() >= 2) ctx.set_mask(steps, flat(mask));
    const Tensor y = layer()(steps, ctx), output = in_steps(y, x.shape()), own = ctx.mask(y);
    ctx.set_mask(output, own.defined() && own.ndim() >= 2 ? in_steps(own, x.shape()) : of_steps(mask));
    return output;
  }

  // What the call has set.
  Tensor compute_mask(const Tensor&, const Tensor&) const override { return {}; }

 private:
  static Tensor in_steps(const Tensor& y, const Shape& x) {
    return ops::reshape(y, y.shape().drop_front().prepend(x[1]).prepend(x[0]));
  }

  // A step counts if anything in it does.
  static Tensor of_steps(const Tensor& mask) {
    std::vector<int> within;
    for (int axis = 2; mask.defined() && axis < mask.ndim(); ++axis) within.push_back(axis);
    return within.empty() ? mask : ops::any(mask, within);
  }
};

}  // namespace

void TimeDistributedConfig::fields(ConfigVisitor& v) { v("layer", layer); }

CORNU_LAYER(TimeDistributedConfig, TimeDistributedLayer, "TimeDistributed");

}  // namespace cornu::keras::layers
