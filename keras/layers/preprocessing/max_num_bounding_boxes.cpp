#include "cornu/keras/layers/preprocessing/max_num_bounding_boxes.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct MaxNumBoundingBoxesLayer final : internal::ImageLayer<MaxNumBoundingBoxesConfig> {
  explicit MaxNumBoundingBoxesLayer(MaxNumBoundingBoxesConfig config) : ImageLayer(std::move(config)) {
    complete();
    require<ValueError>(config_.max_number > 0, who(), "expected a positive max_number, got ", config_.max_number);
  }

  void build_all(const Shapes& inputs) override {
    check(inputs);
    build(inputs.front());
  }

  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    check(internal::shapes_of(inputs));
    Tensors y{call(inputs[0], ctx)};
    const int boxes = inputs[0].ndim() - 3;
    for (std::size_t i = 1; i < inputs.size(); ++i) y.push_back(with_number(inputs[i], boxes));
    return y;
  }

 protected:
  Tensor changed(const Tensor& images, Context&) override { return images; }

 private:
  void check(const Shapes& inputs) const {
    internal::require_one_or(who(), inputs.size(), 3, "pictures, boxes and labels");
    internal::require_pictures(who(), inputs[0]);
    if (inputs.size() == 1) return;
    const Shape &boxes = inputs[1], &labels = inputs[2];
    require<ShapeError>(boxes.rank() == inputs[0].rank() - 1 && boxes.back() == 4, who(),
                        "expected boxes of four numbers, (batch, n, 4), got shape ", boxes);
    require<ShapeError>(labels == boxes.drop_back(), who(), "expected a label for each box, boxes of shape ", boxes,
                        ", got labels of shape ", labels);
  }

  Tensor with_number(const Tensor& x, int axis) const {
    const std::int64_t length = x.shape()[axis];
    if (length >= config_.max_number) return ops::slice(x, axis, 0, config_.max_number);
    ops::PadWidth width(static_cast<std::size_t>(x.ndim()));
    width[static_cast<std::size_t>(axis)].second = config_.max_number - length;
    return ops::pad(x, width, {.constant_values = config_.fill_value});
  }
};

}  // namespace

void MaxNumBoundingBoxesConfig::fields(ConfigVisitor& v) {
  v("max_number", max_number);
  v("fill_value", fill_value);
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(MaxNumBoundingBoxesConfig, MaxNumBoundingBoxesLayer, "MaxNumBoundingBoxes", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
