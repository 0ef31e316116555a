#include "cornu/keras/layers/reshaping/reshape.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct ReshapeLayer final : Configured<Layer, ReshapeConfig> {
  explicit ReshapeLayer(ReshapeConfig config) : Configured(std::move(config)) {
    const std::vector<int>& target = config_.target_shape;
    const Shape shown(std::vector<std::int64_t>(target.begin(), target.end()));
    require<ValueError>(std::all_of(target.begin(), target.end(), [](int length) { return length >= -1; }), who(),
                        "expected lengths of at least 0, or one -1, in target_shape, got ", shown);
    require<ValueError>(std::count(target.begin(), target.end(), -1) <= 1, who(),
                        "expected at most one -1 in target_shape, got ", shown);
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ShapeError>(x.ndim() >= 1, who(), "expected an input with a batch axis, got shape ", x.shape());
    const std::int64_t elements = x.shape().drop_front().elements();
    std::int64_t known = 1;
    for (const int length : config_.target_shape)
      if (length != -1) known *= length;
    Shape target;
    for (const int length : config_.target_shape)
      target = target.append(length != -1 ? length : known != 0 ? elements / known : 0);
    require<ShapeError>(target.elements() == elements, who(), "cannot reshape samples of shape ",
                        x.shape().drop_front(), " (", elements, " elements) to ",
                        Shape(std::vector<std::int64_t>(config_.target_shape.begin(), config_.target_shape.end())));
    return ops::reshape(x, target.prepend(x.shape().front()));
  }
};

}  // namespace

void ReshapeConfig::fields(ConfigVisitor& v) { v("target_shape", target_shape); }

CORNU_LAYER(ReshapeConfig, ReshapeLayer, "Reshape");

Layer::Of<ReshapeConfig> Reshape(ReshapeConfig config) { return {std::move(config)}; }

}  // namespace cornu::keras::layers
