#include "cornu/keras/layers/pooling/global_pooling.h"

#include <numeric>

#include "cornu/keras/layers/pooling/internal/poolings.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

template <Literal kName, int kAxes>
struct GlobalPoolingLayer final : internal::PoolingOver<GlobalPoolingConfig<kName, kAxes>, kAxes> {
  static constexpr bool kMean = internal::kTakesMean<kName>;
  static constexpr bool kHeedsMask = kMean && kAxes == 1;

  explicit GlobalPoolingLayer(GlobalPoolingConfig<kName, kAxes> config)
      : internal::PoolingOver<GlobalPoolingConfig<kName, kAxes>, kAxes>(std::move(config)) {
    internal::complete_data_format(this->who(), this->config_.data_format);
    this->set_supports_masking(kHeedsMask);
  }

  // Where the channels lie makes no difference to what is reduced: nothing is moved.
  Tensor pooled(const Tensor& x, Context& ctx) override {
    const bool first = this->config_.data_format == "channels_first";
    std::vector<int> axes(kAxes);
    std::iota(axes.begin(), axes.end(), first ? 2 : 1);
    const ops::KeepDims keep = this->config_.keepdims ? ops::KeepDims::yes : ops::KeepDims::no;
    if (!kMean) return ops::max(x, axes, keep);
    const Tensor mask = kHeedsMask ? ctx.mask(x) : Tensor();
    if (!mask.defined()) return ops::mean(x, axes, keep);
    const Tensor counts = ops::cast(ops::expand_dims(mask, first ? 1 : -1), x.dtype());
    return ops::sum(x * counts, axes, keep) / ops::sum(counts, axes, keep);
  }

  Shape masked_axes(const Shape& input) const override {
    return this->config_.data_format == "channels_first" && input.rank() == 3 ? Shape{input[0], input[2], input[1]}
                                                                              : input;
  }
  /// The steps are gone, and their mask with them.
  Tensor compute_mask(const Tensor&, const Tensor&) const override { return {}; }
};

}  // namespace

template <Literal kName, int kAxes>
void GlobalPoolingConfig<kName, kAxes>::fields(ConfigVisitor& v) {
  v("data_format", data_format);
  v("keepdims", keepdims);
}

CORNU_POOLINGS(GlobalPoolingConfig, GlobalPoolingLayer, "Global", {});

}  // namespace cornu::keras::layers
