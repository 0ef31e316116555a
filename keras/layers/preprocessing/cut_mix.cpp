#include "cornu/keras/layers/preprocessing/cut_mix.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/batch_mixing.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct CutMixLayer final : internal::BatchMixing<CutMixConfig> {
  explicit CutMixLayer(CutMixConfig config) : BatchMixing(std::move(config)) {
    complete();
    factor_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
  }

 protected:
  Tensor changed(const Tensor& images, Context&) override { return as_floats(images); }

  internal::Mixed mixed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    const Tensor alpha = internal::uniform(random_state(ctx), {1, 1, 1, 1}, factor_) + 1e-6;
    const Tensor kept = ops::random_beta(random_state(ctx), {x.shape()[0], 1, 1, 1}, alpha, alpha);
    const Tensor side = ops::sqrt(1 - kept);
    const Tensor in_columns = within(x, width_axis(), side, ctx), in_rows = within(x, height_axis(), side, ctx);
    const Tensor order = random_order(x, ctx);
    // Of the whole area, as Keras counts: with fractions of pixels.
    return {ops::where(ops::logical_and(in_columns, in_rows), ops::take(x, order, 0), x), order, 1 - ops::square(side)};
  }

 private:
  /// Which places of an axis lie within the rectangle of each picture, that share of the length long.
  Tensor within(const Tensor& images, int axis, const Tensor& share, Context& ctx) {
    return internal::within_random_part(images.shape()[axis], axis, share, random(images, {0, 1}, ctx));
  }

  internal::Bounds factor_;
};

}  // namespace

void CutMixConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  internal::visit_random(v, *this);
}

CORNU_LAYER(CutMixConfig, CutMixLayer, "CutMix", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
