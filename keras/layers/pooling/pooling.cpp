#include "cornu/keras/layers/pooling/pooling.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/pooling.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

template <Literal kName, int kAxes>
struct PoolingLayer final : Configured<Layer, PoolingConfig<kName, kAxes>> {
  using Base = Configured<Layer, PoolingConfig<kName, kAxes>>;
  using Base::config_;
  using Base::who;

  explicit PoolingLayer(PoolingConfig<kName, kAxes> config) : Base(std::move(config)) {
    auto& c = config_;
    internal::complete_axes(who(), "pool_size", c.pool_size, kAxes);
    if (c.strides.empty()) c.strides = c.pool_size;
    internal::complete_axes(who(), "strides", c.strides, kAxes);
    internal::complete_data_format(who(), c.data_format);
    require<ValueError>(c.padding == "valid" || c.padding == "same", who(), "expected padding 'valid' or 'same', got '",
                        c.padding, "'");
  }

  void build(const Shape& input) override { internal::require_axes(who(), input, kAxes); }

  Tensor call(const Tensor& x, Context&) override {
    const auto& c = config_;
    internal::require_axes(who(), x.shape(), kAxes);
    const auto pool = kName.text[0] == 'M' ? ops::max_pool : ops::average_pool;
    return internal::channels_as(
        pool(internal::channels_last(x, c.data_format), c.pool_size, {.strides = c.strides, .padding = c.padding}),
        c.data_format);
  }
};

template <Literal kName, int kAxes>
bool add_pooling(const char* class_name, const char* alias) {
  return registry().add<PoolingLayer<kName, kAxes>>(class_name, {alias});
}

const bool pooling_registered = add_pooling<"MaxPooling", 1>("MaxPooling1D", "MaxPool1D") &&
                                add_pooling<"MaxPooling", 2>("MaxPooling2D", "MaxPool2D") &&
                                add_pooling<"MaxPooling", 3>("MaxPooling3D", "MaxPool3D") &&
                                add_pooling<"AveragePooling", 1>("AveragePooling1D", "AvgPool1D") &&
                                add_pooling<"AveragePooling", 2>("AveragePooling2D", "AvgPool2D") &&
                                add_pooling<"AveragePooling", 3>("AveragePooling3D", "AvgPool3D");

}  // namespace

template <Literal kName, int kAxes>
void PoolingConfig<kName, kAxes>::fields(ConfigVisitor& v) {
  v("pool_size", pool_size);
  v("strides", strides);
  v("padding", padding);
  v("data_format", data_format);
}

template <Literal kName, int kAxes>
Made<Layer, PoolingConfig<kName, kAxes>> PoolingConfig<kName, kAxes>::make() const {
  return std::make_shared<PoolingLayer<kName, kAxes>>(*this);
}

template struct PoolingConfig<"MaxPooling", 1>;
template struct PoolingConfig<"MaxPooling", 2>;
template struct PoolingConfig<"MaxPooling", 3>;
template struct PoolingConfig<"AveragePooling", 1>;
template struct PoolingConfig<"AveragePooling", 2>;
template struct PoolingConfig<"AveragePooling", 3>;

}  // namespace cornu::keras::layers
