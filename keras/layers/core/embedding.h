#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct EmbeddingConfig {
  int input_dim = 0;   ///< how many indices there are: the largest one plus 1; required
  int output_dim = 0;  ///< the length of each vector; required
  Arg<initializers::Initializer> embeddings_initializer = "uniform";
  Arg<regularizers::Regularizer> embeddings_regularizer = nullptr;
  Arg<regularizers::Regularizer> activity_regularizer = nullptr;
  Arg<constraints::Constraint> embeddings_constraint = nullptr;
  bool mask_zero = false;  ///< index 0 is padding: `compute_mask`
  std::optional<Array> weights =
      std::nullopt;  ///< initial embeddings (input_dim, output_dim), instead of the initializer's; in no config
  std::optional<int> lora_rank = std::nullopt;  ///< not supported: an error
  std::optional<double> lora_alpha = std::nullopt;
  std::optional<int> input_length =
      std::nullopt;  ///< Keras 2: the length of the input, the same as `.input_shape = {length}`
  CORNU_LAYER_CONFIG(EmbeddingConfig);
};

/// A vector for each index: (batch, …) -> (batch, …, output_dim). Weight: embeddings (input_dim, output_dim). Indices
/// are integers; floating ones are truncated to int32. Negative ones count from the end, as in Keras 3. One out of
/// range is a ValueError before `fit`, `evaluate` or `predict` runs if the layer is the first of its model, else its
/// vector is NaN. The output is cast to the compute dtype; indices never are. Throws ValueError if input_dim or
/// output_dim is not positive, and for lora_rank; ShapeError for weights of another shape and for inputs that
/// contradict input_length. With mask_zero what is masked in a model's output counts neither in the loss nor in
/// metrics. Keras: `layers.Embedding`.
///
///     models::Sequential model({layers::Embedding(10000, 16, {.input_shape = {20}}), layers::Flatten(),
///     layers::Dense(1)});
///
/// `Embedding(10000, 16, {.input_shape = {20}})`, `Embedding({.input_dim = 10000, .output_dim = 16})`.
class Embedding : public Layer::Of<EmbeddingConfig> {
 public:
  using Handle::Handle;
  /// Throws ValueError if the config has other numbers.
  explicit Embedding(int input_dim, int output_dim, EmbeddingConfig config = {});
};

}  // namespace cornu::keras::layers
