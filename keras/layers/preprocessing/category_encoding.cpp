#include "cornu/keras/layers/preprocessing/category_encoding.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct CategoryEncodingLayer final : Configured<Layer, CategoryEncodingConfig> {
  explicit CategoryEncodingLayer(CategoryEncodingConfig config) : Configured(std::move(config)) {
    auto& c = config_;
    if (c.output_mode == "binary") c.output_mode = "multi_hot";
    internal::require_output_mode(who(), c.output_mode, {"multi_hot", "one_hot", "count"});
    require<ValueError>(c.num_tokens >= 1, who(), "expected num_tokens of at least 1, got ", c.num_tokens);
    internal::require_dense(who(), c.sparse);
    set_autocast(false);  // bfloat16 does not hold every number of a category
  }

  Tensors call_all(const Inputs& inputs, Context&) override {
    require<ValueError>(inputs.size() == 1, who(), "takes one input, got ", inputs.size());
    const Tensor& x = inputs[0];
    const Tensor weights = inputs.named("count_weights");
    if (weights.defined()) {
      require<ValueError>(config_.output_mode == "count", who(), "takes count_weights if output_mode is 'count', not '",
                          config_.output_mode, "'");
      require<ShapeError>(weights.shape() == x.shape(), who(), "expected count_weights of the input's shape ",
                          x.shape(), ", got ", weights.shape());
    }
    return {internal::encoded(x, config_.output_mode, config_.num_tokens, compute_dtype(), weights)};
  }

  // Integers come as they are: float32 does not hold every int32.
  DType input_dtype(DType data) const override { return graph::is_floating(data) ? graph::float32 : data; }
};

}  // namespace

void CategoryEncodingConfig::fields(ConfigVisitor& v) {
  v("num_tokens", num_tokens);
  v("output_mode", output_mode);
  v("sparse", sparse, {.until_keras3 = true});
  if (v.purpose() == ConfigVisitor::Purpose::read) sparse = false;
}

CORNU_LAYER(CategoryEncodingConfig, CategoryEncodingLayer, "CategoryEncoding");

}  // namespace cornu::keras::layers
