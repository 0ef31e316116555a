#include "cornu/keras/layers/reshaping/flatten.h"

#include "cornu/graph/check.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct FlattenLayer final : Configured<Layer, FlattenConfig> {
  explicit FlattenLayer(FlattenConfig config) : Configured(std::move(config)) {
    std::string& format = config_.data_format;
    if (format.empty()) format = "channels_last";
    require<ValueError>(format == "channels_last" || format == "channels_first", who(),
                        "expected data_format 'channels_last' or 'channels_first', got '", format, "'");
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ShapeError>(x.ndim() >= 1, who(), "expected an input with a batch axis, got shape ", x.shape());
    Tensor channels_last = x;
    if (config_.data_format == "channels_first" && x.ndim() > 2) {
      std::vector<int> axes{0};
      for (int axis = 2; axis < x.ndim(); ++axis) axes.push_back(axis);
      axes.push_back(1);
      channels_last = ops::transpose(x, axes);
    }
    return ops::reshape(channels_last, {x.shape().front(), x.shape().drop_front().elements()});
  }
};

const bool flatten_registered = registry().add<FlattenLayer>("Flatten");

}  // namespace

void FlattenConfig::fields(ConfigVisitor& v) { v("data_format", data_format); }

Made<Layer, FlattenConfig> FlattenConfig::make() const { return std::make_shared<FlattenLayer>(*this); }

}  // namespace cornu::keras::layers
