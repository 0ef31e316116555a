#include "cornu/keras/layers/reshaping/permute.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct PermuteLayer final : Configured<Layer, PermuteConfig> {
  explicit PermuteLayer(PermuteConfig config) : Configured(std::move(config)) {
    std::vector<int> sorted = config_.dims;
    std::sort(sorted.begin(), sorted.end());
    bool complete = !sorted.empty();
    for (std::size_t i = 0; i < sorted.size(); ++i) complete = complete && sorted[i] == static_cast<int>(i) + 1;
    require<ValueError>(complete, who(), "expected dims with each number from 1 on once, got ",
                        Shape(std::vector<std::int64_t>(config_.dims.begin(), config_.dims.end())));
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ShapeError>(x.ndim() == static_cast<int>(config_.dims.size()) + 1, who(), "expected an input of ",
                        config_.dims.size() + 1, " axes, got shape ", x.shape());
    std::vector<int> axes{0};
    axes.insert(axes.end(), config_.dims.begin(), config_.dims.end());
    return ops::transpose(x, axes);
  }
};

}  // namespace

void PermuteConfig::fields(ConfigVisitor& v) { v("dims", dims); }

CORNU_LAYER(PermuteConfig, PermuteLayer, "Permute");

}  // namespace cornu::keras::layers
