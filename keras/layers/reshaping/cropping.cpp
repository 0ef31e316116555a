#include "cornu/keras/layers/reshaping/cropping.h"

#include "cornu/graph/check.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

template <class Config, int kAxes>
struct CroppingLayer final : internal::AxisByAxis<Config, kAxes> {
  explicit CroppingLayer(Config config) : internal::AxisByAxis<Config, kAxes>(std::move(config)) {
    this->complete();
    internal::complete_margins(this->who(), "cropping", this->config_.cropping, kAxes);
  }

 protected:
  Tensor along(const Tensor& x, int axis, int number) const override {
    const std::vector<int>& margin = internal::margin_of(this->config_.cropping, number);
    const std::int64_t length = x.shape()[axis], stop = length - margin[1];
    graph::require<ShapeError>(margin[0] < stop, this->who(), "cropping of ", margin[0], " and ", margin[1],
                               " leaves nothing of an axis of length ", length);
    return ops::slice(x, axis, margin[0], stop);
  }
};

const bool cropping_registered = registry().add<CroppingLayer<Cropping1DConfig, 1>>("Cropping1D") &&
                                 registry().add<CroppingLayer<CroppingConfig<2>, 2>>("Cropping2D") &&
                                 registry().add<CroppingLayer<CroppingConfig<3>, 3>>("Cropping3D");

}  // namespace

void Cropping1DConfig::fields(ConfigVisitor& v) { v("cropping", cropping); }

Made<Layer, Cropping1DConfig> Cropping1DConfig::make() const {
  return std::make_shared<CroppingLayer<Cropping1DConfig, 1>>(*this);
}

template <int kAxes>
void CroppingConfig<kAxes>::fields(ConfigVisitor& v) {
  v.visit({"cropping"}, &cropping);
  v("data_format", data_format);
}

template <int kAxes>
Made<Layer, CroppingConfig<kAxes>> CroppingConfig<kAxes>::make() const {
  return std::make_shared<CroppingLayer<CroppingConfig, kAxes>>(*this);
}

template struct CroppingConfig<2>;
template struct CroppingConfig<3>;

}  // namespace cornu::keras::layers
