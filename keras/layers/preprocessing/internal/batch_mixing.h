#pragma once

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/composite/random.h"
#include "cornu/ops/native/gather.h"

namespace cornu::keras::layers::internal {

/// What a layer has made of the pictures of a batch: of which others, int32 (batch,), and how much of each is still its
/// own, float32 (batch, 1, 1, 1).
struct Mixed {
  Tensor images, order, share;
};

/// A layer that in training mixes each picture of a batch with another one, and labels alike if it is given them.
template <class Config>
class BatchMixing : public ImageLayer<Config> {
 public:
  using ImageLayer<Config>::ImageLayer;

  void build_all(const Shapes& inputs) override {
    check(inputs);
    this->build(inputs.front());
  }

  // A single picture has itself to be mixed with: nothing comes of it.
  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    check(shapes_of(inputs));
    const bool labels = inputs.size() == 2;
    if (!ctx.training() || inputs[0].ndim() != 4) {
      Tensors same{this->call(inputs[0], ctx)};
      if (labels) same.push_back(inputs[1]);
      return same;
    }
    const Mixed y = mixed(inputs[0], ctx);
    if (!labels) return {y.images};
    const Tensor share = ops::reshape(y.share, {y.share.shape()[0], 1});
    const Tensor floats = graph::is_floating(inputs[1].dtype()) ? inputs[1] : this->as_floats(inputs[1]);
    return {y.images, ops::cast(blended(ops::cast(floats, graph::float32), y.order, share), floats.dtype())};
  }

 protected:
  /// The layer's work in training, on a batch.
  virtual Mixed mixed(const Tensor& images, Context& ctx) = 0;
  Tensor changed(const Tensor& images, Context& ctx) override {
    return ctx.training() ? this->as_floats(images) : images;
  }

  Tensor random_order(const Tensor& images, Context& ctx) {
    const auto batch = static_cast<double>(images.shape()[0]);
    return ops::random_shuffle(this->random_state(ctx), graph::constant(graph::arange(0, batch).astype(graph::int32)));
  }
  static Tensor blended(const Tensor& x, const Tensor& order, const Tensor& share) {
    return share * x + (1 - share) * ops::take(x, order, 0);
  }

 private:
  void check(const Shapes& inputs) const {
    require_one_or(this->who(), inputs.size(), 2, "pictures and labels");
    require_pictures(this->who(), inputs[0]);
    graph::require<ShapeError>(inputs.size() == 1 || inputs[1].rank() == inputs[0].rank() - 2, this->who(),
                               "expected labels of shape (batch, classes) beside pictures of shape ", inputs[0],
                               ", got shape ", inputs.back());
  }
};

}  // namespace cornu::keras::layers::internal
