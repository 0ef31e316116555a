#include "cornu/keras/layers/normalization/spectral_normalization.h"

#include <algorithm>

#include "cornu/graph/leaf.h"
#include "cornu/keras/initializers/random.h"
#include "cornu/keras/layers/wrappers/wrapper.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

// Of length 1; zeros stay zeros.
Tensor unit(const Tensor& x) {
  constexpr double kLargest = 1e7;  // what Keras multiplies by at most
  return x * ops::minimum(ops::reciprocal(ops::sqrt(ops::sum(ops::square(x)))), graph::constant(kLargest, x.dtype()));
}

struct SpectralNormalizationLayer final : Wrapper<SpectralNormalizationConfig> {
  explicit SpectralNormalizationLayer(SpectralNormalizationConfig config) : Wrapper(std::move(config)) {
    require_layer();
    require<ValueError>(config_.power_iterations >= 1, who(), "expected power_iterations of at least 1, got ",
                        config_.power_iterations);
  }

  void build(const Shape& input) override {
    Wrapper::build(input);
    const Weight& weight = kernel_of_layer();
    kernel_ = weight.variable;
    list_weight(weight);
    vector_u_ = add_weight({.name = "vector_u",
                            .shape = {1, kernel_.shape().back()},
                            .dtype = kernel_.dtype(),
                            .initializer = initializers::TruncatedNormal({.stddev = 0.02}),
                            .trainable = false});
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    if (ctx.training()) normalize(ctx);
    return layer()(x, ctx);
  }

  // What the layer has set.
  Tensor compute_mask(const Tensor&, const Tensor&) const override { return {}; }

 private:
  const Weight& kernel_of_layer() const {
    for (const char* name : {"/kernel", "/embeddings"})
      for (const Weight& weight : layer()->own_weights())
        if (weight.variable.name().ends_with(name)) return weight;
    throw ValueError(graph::message(who(), "expected a layer with a kernel or embeddings, got ", layer()->described()));
  }

  void normalize(Context& ctx) const {
    const Tensor kernel = ops::cast(ctx.value(kernel_), graph::float32);
    const Tensor matrix = ops::reshape(kernel, {-1, kernel.shape().back()});
    const Tensor fixed = ops::stop_gradient(matrix), turned = ops::transpose(fixed);
    const Tensor before = ops::cast(ctx.value(vector_u_), graph::float32);
    Tensor u = before, v;
    for (int i = 0; i < config_.power_iterations; ++i) {
      v = unit(ops::matmul(u, turned));
      u = unit(ops::matmul(v, fixed));
    }
    const Tensor sigma = ops::sum(ops::matmul(v, matrix) * u);
    const Tensor set = ops::any(fixed, {0, 1});  // else there is nothing to divide
    ctx.update(vector_u_, ops::where(set, u, before));
    ctx.assign(kernel_, kernel / ops::where(set, sigma, graph::constant(1, graph::float32)));
  }

  Variable kernel_, vector_u_;
};

}  // namespace

void SpectralNormalizationConfig::fields(ConfigVisitor& v) {
  v("layer", layer);
  v("power_iterations", power_iterations);
}

CORNU_LAYER(SpectralNormalizationConfig, SpectralNormalizationLayer, "SpectralNormalization");

}  // namespace cornu::keras::layers
