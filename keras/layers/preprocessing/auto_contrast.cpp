#include "cornu/keras/layers/preprocessing/auto_contrast.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

struct AutoContrastLayer final : internal::ImageLayer<AutoContrastConfig> {
  explicit AutoContrastLayer(AutoContrastConfig config) : ImageLayer(std::move(config)) {
    complete();
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context&) override {
    static const std::vector<double> kBytes{0, 255};
    const Tensor original = ops::cast(images, float32);
    const Tensor x = internal::changed_range(original, config_.value_range, kBytes);
    const Tensor low = ops::min(x, {1, 2}, ops::keepdims), high = ops::max(x, {1, 2}, ops::keepdims);
    const Tensor flat = ops::equal(low, high);
    const Tensor scale = 255 / ops::where(flat, ops::ones_like(low), high - low);
    const Tensor y = ops::clip(x * scale - low * scale, 0, 255);
    return as_floats(ops::where(flat, original, internal::changed_range(y, kBytes, config_.value_range)));
  }
};

}  // namespace

void AutoContrastConfig::fields(ConfigVisitor& v) {
  v("value_range", value_range);
  internal::visit_data_format(v, data_format);
}

CORNU_LAYER(AutoContrastConfig, AutoContrastLayer, "AutoContrast", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
