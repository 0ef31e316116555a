#include "cornu/keras/layers/pooling/adaptive_pooling.h"

#include "cornu/keras/layers/pooling/internal/poolings.h"
#include "cornu/ops/composite/adaptive_pooling.h"

namespace cornu::keras::layers {
namespace {

template <Literal kName, int kAxes>
struct AdaptivePoolingLayer final : internal::PoolingOver<AdaptivePoolingConfig<kName, kAxes>, kAxes> {
  explicit AdaptivePoolingLayer(AdaptivePoolingConfig<kName, kAxes> config)
      : internal::PoolingOver<AdaptivePoolingConfig<kName, kAxes>, kAxes>(std::move(config)) {
    internal::complete_data_format(this->who(), this->config_.data_format);
    internal::complete_axes(this->who(), "output_size", this->config_.output_size, kAxes);
  }

  Tensor pooled(const Tensor& x, Context&) override {
    const auto pool = internal::kTakesMean<kName> ? ops::adaptive_average_pool : ops::adaptive_max_pool;
    return this->with_channels_last(pool, x, this->config_.output_size);
  }
};

constexpr ClassForm kSinceKeras3{.since_keras3 = true};

}  // namespace

template <Literal kName, int kAxes>
void AdaptivePoolingConfig<kName, kAxes>::fields(ConfigVisitor& v) {
  v("output_size", output_size);
  v("data_format", data_format);
}

CORNU_POOLINGS(AdaptivePoolingConfig, AdaptivePoolingLayer, "Adaptive", kSinceKeras3);

}  // namespace cornu::keras::layers
