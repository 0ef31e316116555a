#include "cornu/keras/layers/wrappers/time_distributed.h"

#include "cornu/keras/layers/wrappers/wrapper.h"
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
    const Tensor y = layer()(steps, ctx);
    return ops::reshape(y, y.shape().drop_front().prepend(x.shape()[1]).prepend(x.shape()[0]));
  }
};

}  // namespace

void TimeDistributedConfig::fields(ConfigVisitor& v) { v("layer", layer); }

CORNU_LAYER(TimeDistributedConfig, TimeDistributedLayer, "TimeDistributed");

}  // namespace cornu::keras::layers
