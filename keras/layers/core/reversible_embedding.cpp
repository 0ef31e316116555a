#include "cornu/keras/layers/core/reversible_embedding.h"

#include "cornu/keras/layers/core/internal/embedding_over.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct ReversibleEmbeddingLayer final : internal::EmbeddingOver<ReversibleEmbeddingConfig> {
  explicit ReversibleEmbeddingLayer(ReversibleEmbeddingConfig config) : EmbeddingOver(std::move(config)) {
    complete();
    const auto& cap = config_.logit_soft_cap;
    require<ValueError>(cap.value_or(1) > 0, who(), "expected a positive logit_soft_cap, got ", cap.value_or(1));
    const std::string& dtype = config_.reverse_dtype;
    require<ValueError>(dtype.empty() || dtype == "float32" || dtype == "bfloat16", who(),
                        "expected reverse_dtype 'float32' or 'bfloat16', got '", dtype, "'");
  }

  const CallSignature& call_signature() const override {
    static const CallSignature signature{.values = {{"reverse", false}}};
    return signature;
  }

  void build(const Shape& input) override {
    EmbeddingOver::build(input);
    if (!config_.tie_weights)
      reverse_ = add_weight({.name = "reverse_embeddings",
                             .shape = {config_.output_dim, config_.input_dim},
                             .initializer = config_.embeddings_initializer});
  }

  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    require<ValueError>(inputs.size() == 1, who(), "expected one input, got ", inputs.size());
    if (!inputs.flag("reverse")) return {call(inputs[0], ctx)};
    const Tensor& x = inputs[0];
    require<ShapeError>(x.ndim() > 0 && x.shape().back() == config_.output_dim, who(), "expected vectors of length ",
                        config_.output_dim, " for the way back, got shape ", x.shape());
    const DType dtype = config_.reverse_dtype.empty()         ? compute_dtype()
                        : config_.reverse_dtype == "bfloat16" ? graph::bfloat16
                                                              : graph::float32;
    const Tensor kernel = ops::cast(config_.tie_weights ? embeddings_ : reverse_, dtype);
    const Tensor logits = ops::matmul(ops::cast(x, dtype), kernel, {.transpose_b = config_.tie_weights});
    ctx.set_mask(logits, {});
    if (!config_.logit_soft_cap) return {logits};
    const double cap = *config_.logit_soft_cap;
    return {ops::tanh(logits / cap) * cap};
  }

  // Vectors of the way back have none, and no indices that could be wrong.
  Tensor compute_mask(const Tensor& x, const Tensor& mask) const override {
    return graph::is_floating(x.dtype()) ? Tensor() : EmbeddingOver::compute_mask(x, mask);
  }
  void check_data(const Array& x) const override {
    if (!graph::is_floating(x.dtype())) EmbeddingOver::check_data(x);
  }

 private:
  Variable reverse_;
};

}  // namespace

void ReversibleEmbeddingConfig::fields(ConfigVisitor& v) {
  v("input_dim", input_dim);
  v("output_dim", output_dim);
  v("tie_weights", tie_weights);
  v("embeddings_initializer", embeddings_initializer);
  v("embeddings_regularizer", embeddings_regularizer);
  v("embeddings_constraint", embeddings_constraint);
  v("mask_zero", mask_zero);
  v("reverse_dtype", reverse_dtype);
  v("logit_soft_cap", logit_soft_cap);
  v("activity_regularizer", activity_regularizer, {.keras3_unless_null = true});
}

CORNU_LAYER(ReversibleEmbeddingConfig, ReversibleEmbeddingLayer, "ReversibleEmbedding", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers
