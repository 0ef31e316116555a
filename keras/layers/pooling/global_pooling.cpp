#include "cornu/keras/layers/pooling/global_pooling.h"

#include <numeric>

#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

template <Literal kName, int kAxes>
struct GlobalPoolingLayer final : Configured<Layer, GlobalPoolingConfig<kName, kAxes>> {
  static constexpr bool kMean = kName.text[6] == 'A';
  static constexpr bool kHeedsMask = kMean && kAxes == 1;
  using Base = Configured<Layer, GlobalPoolingConfig<kName, kAxes>>;
  using Base::config_;
  using Base::who;

  explicit GlobalPoolingLayer(GlobalPoolingConfig<kName, kAxes> config) : Base(std::move(config)) {
    internal::complete_data_format(who(), config_.data_format);
    this->set_supports_masking(kHeedsMask);
  }

  void build(const Shape& input) override { internal::require_axes(who(), input, kAxes); }

  Tensor call(const Tensor& x, Context& ctx) override {
    internal::require_axes(who(), x.shape(), kAxes);
    std::vector<int> axes(kAxes);
    std::iota(axes.begin(), axes.end(), config_.data_format == "channels_first" ? 2 : 1);
    const ops::KeepDims keep = config_.keepdims ? ops::KeepDims::yes : ops::KeepDims::no;
    if (!kMean) return ops::max(x, axes, keep);
    const Tensor mask = kHeedsMask ? ctx.mask(x) : Tensor();
    if (!mask.defined()) return ops::mean(x, axes, keep);
    const Tensor counts =
        ops::cast(ops::expand_dims(mask, config_.data_format == "channels_first" ? 1 : -1), x.dtype());
    return ops::sum(x * counts, axes, keep) / ops::sum(counts, axes, keep);
  }

  Shape masked_axes(const Shape& input) const override {
    return config_.data_format == "channels_first" && input.rank() == 3 ? Shape{input[0], input[2], input[1]} : input;
  }
  /// The steps are gone, and their mask with them.
  Tensor compute_mask(const Tensor&, const Tensor&) const override { return {}; }
};

template <Literal kName, int kAxes>
bool add_global_pooling(const char* class_name, const char* alias) {
  return registry().add<GlobalPoolingLayer<kName, kAxes>>(class_name, {alias});
}

const bool global_pooling_registered =
    add_global_pooling<"GlobalMaxPooling", 1>("GlobalMaxPooling1D", "GlobalMaxPool1D") &&
    add_global_pooling<"GlobalMaxPooling", 2>("GlobalMaxPooling2D", "GlobalMaxPool2D") &&
    add_global_pooling<"GlobalMaxPooling", 3>("GlobalMaxPooling3D", "GlobalMaxPool3D") &&
    add_global_pooling<"GlobalAveragePooling", 1>("GlobalAveragePooling1D", "GlobalAvgPool1D") &&
    add_global_pooling<"GlobalAveragePooling", 2>("GlobalAveragePooling2D", "GlobalAvgPool2D") &&
    add_global_pooling<"GlobalAveragePooling", 3>("GlobalAveragePooling3D", "GlobalAvgPool3D");

}  // namespace

template <Literal kName, int kAxes>
void GlobalPoolingConfig<kName, kAxes>::fields(ConfigVisitor& v) {
  v("data_format", data_format);
  v("keepdims", keepdims);
}

template <Literal kName, int kAxes>
Made<Layer, GlobalPoolingConfig<kName, kAxes>> GlobalPoolingConfig<kName, kAxes>::make() const {
  return std::make_shared<GlobalPoolingLayer<kName, kAxes>>(*this);
}

template struct GlobalPoolingConfig<"GlobalMaxPooling", 1>;
template struct GlobalPoolingConfig<"GlobalMaxPooling", 2>;
template struct GlobalPoolingConfig<"GlobalMaxPooling", 3>;
template struct GlobalPoolingConfig<"GlobalAveragePooling", 1>;
template struct GlobalPoolingConfig<"GlobalAveragePooling", 2>;
template struct GlobalPoolingConfig<"GlobalAveragePooling", 3>;

}  // namespace cornu::keras::layers
