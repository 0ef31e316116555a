#include "cornu/keras/layers/reshaping/flatten.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct FlattenLayer final : Configured<Layer, FlattenConfig> {
  explicit FlattenLayer(FlattenConfig config) : Configured(std::move(config)) {
    internal::complete_data_format(who(), config_.data_format);
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ShapeError>(x.ndim() >= 1, who(), "expected an input with a batch axis, got shape ", x.shape());
    const Tensor channels_last = x.ndim() > 2 ? internal::channels_last(x, config_.data_format) : x;
    return ops::reshape(channels_last, {x.shape().front(), x.shape().drop_front().elements()});
  }
};

}  // namespace

void FlattenConfig::fields(ConfigVisitor& v) { v("data_format", data_format); }

CORNU_LAYER(FlattenConfig, FlattenLayer, "Flatten");

}  // namespace cornu::keras::layers
