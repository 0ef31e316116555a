#include "cornu/keras/layers/reshaping/up_sampling.h"

#include <algorithm>
#include <cctype>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/image/resize.h"
#include "cornu/ops/native/resample.h"

namespace cornu::keras::layers {
namespace {

template <class Config, int kAxes>
class UpSamplingLayer final : public internal::AxisByAxis<Config, kAxes> {
 public:
  using Base = internal::AxisByAxis<Config, kAxes>;
  using Base::config_;
  using Base::who;

  explicit UpSamplingLayer(Config config) : Base(std::move(config)) {
    this->complete();
    size_ = config_.size;
    internal::complete_axes(who(), "size", size_, kAxes);
    if constexpr (kAxes > 1) config_.size = size_;
    if constexpr (kAxes == 2) {
      std::string& word = config_.interpolation;
      std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
      resizing().check(who());
    }
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if constexpr (kAxes == 2) {
      if (config_.interpolation != "nearest") {
        internal::require_axes(who(), x.shape(), kAxes);
        const int rows = config_.data_format == "channels_first" ? 2 : 1;
        return ops::image::resize(x, {x.shape()[rows] * size_[0], x.shape()[rows + 1] * size_[1]}, resizing());
      }
    }
    return Base::call(x, ctx);
  }

 protected:
  Tensor along(const Tensor& x, int axis, int number) const override {
    return ops::resample(x, axis, x.shape()[axis] * size_[number], {.interpolation = "nearest"});
  }

 private:
  ops::image::ResizeConfig resizing() const requires(kAxes == 2) {
    return {.interpolation = config_.interpolation, .data_format = config_.data_format};
  }

  PerAxis size_;
};

using UpSampling1DLayer = UpSamplingLayer<UpSampling1DConfig, 1>;
using UpSampling2DLayer = UpSamplingLayer<UpSampling2DConfig, 2>;
using UpSampling3DLayer = UpSamplingLayer<UpSampling3DConfig, 3>;

const bool up_sampling_registered = registry().add<UpSampling1DLayer>("UpSampling1D") &&
                                    registry().add<UpSampling2DLayer>("UpSampling2D") &&
                                    registry().add<UpSampling3DLayer>("UpSampling3D");

}  // namespace

void UpSampling1DConfig::fields(ConfigVisitor& v) { v("size", size); }

void UpSampling2DConfig::fields(ConfigVisitor& v) {
  v("size", size);
  v("data_format", data_format);
  v("interpolation", interpolation);
}

void UpSampling3DConfig::fields(ConfigVisitor& v) {
  v("size", size);
  v("data_format", data_format);
}

Made<Layer, UpSampling1DConfig> UpSampling1DConfig::make() const { return std::make_shared<UpSampling1DLayer>(*this); }
Made<Layer, UpSampling2DConfig> UpSampling2DConfig::make() const { return std::make_shared<UpSampling2DLayer>(*this); }
Made<Layer, UpSampling3DConfig> UpSampling3DConfig::make() const { return std::make_shared<UpSampling3DLayer>(*this); }

}  // namespace cornu::keras::layers
