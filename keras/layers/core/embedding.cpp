#include "cornu/keras/layers/core/embedding.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

EmbeddingConfig with_input_shape(EmbeddingConfig c) {
  if (c.input_length && !c.input_shape.is_set()) c.input_shape = {*c.input_length};
  return c;
}

struct EmbeddingLayer final : Configured<Layer, EmbeddingConfig> {
  explicit EmbeddingLayer(EmbeddingConfig config) : Configured(with_input_shape(std::move(config))) {
    require<ValueError>(config_.input_dim > 0, who(), "expected a positive input_dim, got ", config_.input_dim);
    require<ValueError>(config_.output_dim > 0, who(), "expected a positive output_dim, got ", config_.output_dim);
    require<ValueError>(!config_.lora_rank, who(), "lora_rank is not supported, got ", config_.lora_rank.value_or(0));
    require<ValueError>(config_.input_length.value_or(1) > 0, who(), "expected a positive input_length, got ",
                        config_.input_length.value_or(1));
    const Shape shape{config_.input_dim, config_.output_dim};
    if (config_.weights)
      require<ShapeError>(config_.weights->shape() == shape, who(), "expected weights of shape ", shape, ", got ",
                          config_.weights->shape());
    set_autocast(false);
    set_supports_masking(config_.mask_zero);
    set_activity_regularizer(config_.activity_regularizer);
  }

  void check_length(const Shape& input) const {
    if (!config_.input_length) return;
    require<ShapeError>(input.rank() == 2 && (input[1] == kUnknown || input[1] == *config_.input_length), who(),
                        "expected an input of shape (None, ", *config_.input_length, ") by its input_length, got ",
                        input);
  }

  void build(const Shape& input) override {
    check_length(input);
    const Arg<initializers::Initializer> zeros = "zeros";
    embeddings_ = add_weight({.name = "embeddings",
                              .shape = {config_.input_dim, config_.output_dim},
                              .initializer = config_.weights ? zeros : config_.embeddings_initializer,
                              .regularizer = config_.embeddings_regularizer,
                              .constraint = config_.embeddings_constraint});
    if (config_.weights) embeddings_.assign(config_.weights->astype(embeddings_.dtype()));
  }

  Tensor call(const Tensor& x, Context&) override {
    check_length(x.shape());
    const Tensor indices = graph::is_integer(x.dtype()) ? x : ops::cast(x, graph::int32);
    return ops::cast(ops::take(embeddings_, indices), compute_dtype());  // of the vectors that are used, not of all
  }

  Specs compute_output_specs(const Specs& inputs) override {
    const Shape& input = inputs.front().shape;
    ensure_built(input);
    check_length(input);
    return {{compute_dtype(), input.append(config_.output_dim)}};
  }

  // Layers of one step at a time hand the mask on; others, Flatten and Reshape among them, do not.
  Tensor compute_mask(const Tensor& x, const Tensor&) const override {
    return config_.mask_zero ? ops::not_equal(x, graph::constant(0, x.dtype())) : Tensor();
  }

  // Integers come as they are: float32 does not hold every int32.
  DType input_dtype(DType data) const override { return graph::is_floating(data) ? graph::float32 : data; }

  void check_data(const Array& x) const override {
    graph::visit(x.dtype(), [&](auto zero) {
      using T = decltype(zero);
      using Wide = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;
      const auto indices = x.span<T>();
      const Wide n = config_.input_dim;
      // What is truncated to an index of these; false for NaN.
      const auto fits = [n](T index) {
        const Wide i = static_cast<Wide>(index);
        return std::is_integral_v<T> ? i >= -n && i < n : i > -n - 1 && i < n;
      };
      std::size_t wrong = 0;  // counted: a loop without a way out of it is vectorized
      for (const T index : indices) wrong += !fits(index);
      if (wrong == 0) return;
      const auto first = std::find_if_not(indices.begin(), indices.end(), fits);
      throw ValueError(graph::message(who(), "indices must be from 0 to ", config_.input_dim - 1, " for input_dim ",
                                      config_.input_dim, ", or negative, down to -", config_.input_dim,
                                      ", and count from the end; index number ", first - indices.begin(),
                                      " of the data is ", static_cast<Wide>(*first)));
    });
  }

 private:
  Variable embeddings_;
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
