#include "cornu/keras/layers/core/embedding.h"

#include "cornu/keras/layers/core/internal/embedding_over.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

EmbeddingConfig with_input_shape(EmbeddingConfig c) {
  if (c.input_length && !c.input_shape.is_set()) c.input_shape = {*c.input_length};
  return c;
}

struct EmbeddingLayer final : internal::EmbeddingOver<EmbeddingConfig> {
  explicit EmbeddingLayer(EmbeddingConfig config) : EmbeddingOver(with_input_shape(std::move(config))) {
    complete();
    require<ValueError>(!config_.lora_rank, who(), "lora_rank is not supported, got ", config_.lora_rank.value_or(0));
    require<ValueError>(config_.input_length.value_or(1) > 0, who(), "expected a positive input_length, got ",
                        config_.input_length.value_or(1));
    const Shape shape{config_.input_dim, config_.output_dim};
    if (config_.weights)
      require<ShapeError>(config_.weights->shape() == shape, who(), "expected weights of shape ", shape, ", got ",
                          config_.weights->shape());
  }

  void check_length(const Shape& input) const {
    if (!config_.input_length) return;
    require<ShapeError>(input.rank() == 2 && (input[1] == kUnknown || input[1] == *config_.input_length), who(),
                        "expected an input of shape (None, ", *config_.input_length, ") by its input_length, got ",
                        input);
  }

  void build(const Shape& input) override {
    check_length(input);
    EmbeddingOver::build(input);
    if (config_.weights) embeddings_.assign(config_.weights->astype(embeddings_.dtype()));
  }

  Tensor call(const Tensor& x, Context& ctx) override {
    check_length(x.shape());
    return EmbeddingOver::call(x, ctx);
  }

  Specs compute_output_specs(const Specs& inputs) override {
    const Shape& input = inputs.front().shape;
    ensure_built(input);
    check_length(input);
    return {{compute_dtype(), input.append(config_.output_dim)}};
  }

 protected:
  // Numbers that are given take the place of random ones, which then are not drawn.
  Arg<initializers::Initializer> first_embeddings() const override {
    if (config_.weights) return "zeros";
    return config_.embeddings_initializer;
  }
};

}  // namespace

void EmbeddingConfig::fields(ConfigVisitor& v) {
  v("input_dim", input_dim);
  v("output_dim", output_dim);
  v("embeddings_initializer", embeddings_initializer, {.also_read = "init"});
  v("embeddings_regularizer", embeddings_regularizer, {.also_read = "W_regularizer"});
  v("activity_regularizer", activity_regularizer, {.keras3_unless_null = true});
  v("embeddings_constraint", embeddings_constraint, {.also_read = "W_constraint"});
  v("mask_zero", mask_zero);
  v("lora_rank", lora_rank, {.since_keras3 = true, .keras3_unless_null = true});
  v("lora_alpha", lora_alpha, {.since_keras3 = true, .keras3_unless_null = true});
  v("input_length", input_length, {.keras3_unless_null = true});
}

CORNU_LAYER(EmbeddingConfig, EmbeddingLayer, "Embedding");

Embedding::Embedding(int input_dim, int output_dim, EmbeddingConfig config)
    : Handle([&] {
        require<ValueError>((config.input_dim == 0 || config.input_dim == input_dim) &&
                                (config.output_dim == 0 || config.output_dim == output_dim),
                            "Embedding(", input_dim, ", ", output_dim, ", {.input_dim = ", config.input_dim,
                            ", .output_dim = ", config.output_dim, "}): the dimensions are given twice");
        config.input_dim = input_dim;
        config.output_dim = output_dim;
        return std::move(config);
      }()) {}

}  // namespace cornu::keras::layers
