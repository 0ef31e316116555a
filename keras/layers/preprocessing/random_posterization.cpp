#include "cornu/keras/layers/preprocessing/random_posterization.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/gather.h"

namespace cornu::keras::layers {
namespace {

struct RandomPosterizationLayer final : internal::ImageLayer<RandomPosterizationConfig> {
  explicit RandomPosterizationLayer(RandomPosterizationConfig config) : ImageLayer(std::move(config)) {
    complete();
    auto& bits = config_.factor;
    const bool fits = (bits.size() == 1 || bits.size() == 2) &&
                      std::all_of(bits.begin(), bits.end(), [](int n) { return n >= 1 && n <= 8; });
    graph::require<ValueError>(fits, who(), "expected a factor of one or two whole numbers from 1 to 8, got ", bits);
    if (bits.size() == 1) bits.insert(bits.begin(), 1);
    std::sort(bits.begin(), bits.end());
    internal::sort_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    if (!ctx.training()) return images;
    static const std::vector<double> kBytes{0, 255};
    const Tensor x = ops::cast(images, float32);
    const Tensor drawn =
        random(x, {static_cast<double>(config_.factor[0]), static_cast<double>(config_.factor[1])}, ctx);
    const Tensor bits = ops::cast(drawn, int32);
    const Tensor step = ops::take(graph::constant(Array{256.f, 128.f, 64.f, 32.f, 16.f, 8.f, 4.f, 2.f, 1.f}), bits);
    const Tensor bytes = ops::floor(ops::clip(internal::changed_range(x, config_.value_range, kBytes), 0, 255));
    const Tensor kept = ops::floor(bytes / step) * step;
    return as_floats(internal::changed_range(kept, kBytes, config_.value_range));
  }
};

}  // namespace

void RandomPosterizationConfig::fields(ConfigVisitor& v) {
  v("factor", factor);
  v("value_range", value_range);
  internal::visit_format_and_seed(v, *this);
}

CORNU_LAYER(RandomPosterizationConfig, RandomPosterizationLayer, "RandomPosterization", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
