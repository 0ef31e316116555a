#include "cornu/keras/layers/pooling/pooling.h"

#include "cornu/keras/layers/pooling/internal/poolings.h"
#include "cornu/ops/pooling.h"

namespace cornu::keras::layers {
namespace {

template <Literal kName, int kAxes>
struct PoolingLayer final : internal::PoolingOver<PoolingConfig<kName, kAxes>, kAxes> {
  explicit PoolingLayer(PoolingConfig<kName, kAxes> config)
      : internal::PoolingOver<PoolingConfig<kName, kAxes>, kAxes>(std::move(config)) {
    auto& c = this->config_;
    internal::complete_data_format(this->who(), c.data_format);
    internal::complete_axes(this->who(), "pool_size", c.pool_size, kAxes);
    if (c.strides.empty()) c.strides = c.pool_size;
    internal::complete_axes(this->who(), "strides", c.strides, kAxes);
    internal::complete_padding(this->who(), c.padding);
  }

  Tensor pooled(const Tensor& x, Context&) override {
    const auto& c = this->config_;
    const auto pool = internal::kTakesMean<kName> ? ops::average_pool : ops::max_pool;
    return this->with_channels_last(pool, x, c.pool_size, ops::PoolConfig{.strides = c.strides, .padding = c.padding});
  }
};

}  // namespace

template <Literal kName, int kAxes>
void PoolingConfig<kName, kAxes>::fields(ConfigVisitor& v) {
  v("pool_size", pool_size);
  v("strides", strides);
  v("padding", padding);
  v("data_format", data_format);
}

CORNU_POOLINGS(PoolingConfig, PoolingLayer, "", {});

}  // namespace cornu::keras::layers
