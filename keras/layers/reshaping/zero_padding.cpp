#include "cornu/keras/layers/reshaping/zero_padding.h"

#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

template <int kAxes>
struct ZeroPaddingLayer final : internal::AxisByAxis<ZeroPaddingConfig<kAxes>, kAxes> {
  explicit ZeroPaddingLayer(ZeroPaddingConfig<kAxes> config)
      : internal::AxisByAxis<ZeroPaddingConfig<kAxes>, kAxes>(std::move(config)) {
    this->complete();
    internal::complete_margins(this->who(), "padding", this->config_.padding, kAxes);
  }

 protected:
  Tensor along(const Tensor& x, int axis, int number) const override {
    const std::vector<int>& margin = internal::margin_of(this->config_.padding, number);
    return ops::pad(x, axis, margin[0], margin[1]);
  }
};

const bool zero_padding_registered = registry().add<ZeroPaddingLayer<1>>("ZeroPadding1D") &&
                                     registry().add<ZeroPaddingLayer<2>>("ZeroPadding2D") &&
                                     registry().add<ZeroPaddingLayer<3>>("ZeroPadding3D");

}  // namespace

template <int kAxes>
void ZeroPaddingConfig<kAxes>::fields(ConfigVisitor& v) {
  v.visit({"padding"}, &padding);
  // Of one axis since Keras 3.
  const bool first = data_format == "channels_first";
  if (kAxes == 1 && first) v.not_in_keras2("data_format 'channels_first' of one axis");
  v("data_format", data_format, {.only_keras3 = kAxes == 1});
}

template <int kAxes>
Made<Layer, ZeroPaddingConfig<kAxes>> ZeroPaddingConfig<kAxes>::make() const {
  return std::make_shared<ZeroPaddingLayer<kAxes>>(*this);
}

template struct ZeroPaddingConfig<1>;
template struct ZeroPaddingConfig<2>;
template struct ZeroPaddingConfig<3>;

}  // namespace cornu::keras::layers
