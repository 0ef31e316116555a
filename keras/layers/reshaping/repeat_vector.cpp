#include "cornu/keras/layers/reshaping/repeat_vector.h"

#include "cornu/graph/check.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct RepeatVectorLayer final : Configured<Layer, RepeatVectorConfig> {
  explicit RepeatVectorLayer(RepeatVectorConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.n > 0, who(), "expected a positive n, got ", config_.n);
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ShapeError>(x.ndim() == 2, who(), "expected an input of two axes, got shape ", x.shape());
    return ops::broadcast_to(ops::expand_dims(x, 1), {x.shape()[0], config_.n, x.shape()[1]});
  }
};

}  // namespace

void RepeatVectorConfig::fields(ConfigVisitor& v) { v("n", n); }

CORNU_LAYER(RepeatVectorConfig, RepeatVectorLayer, "RepeatVector");

}  // namespace cornu::keras::layers
