#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct ReversibleEmbeddingConfig {
  int input_dim = 0;        ///< how many indices there are: the largest one plus 1; required
  int output_dim = 0;       ///< the length of each vector; required
  bool tie_weights = true;  ///< whether the way back has the same weights
  Arg<initializers::Initializer> embeddings_initializer = "uniform";
  Arg<regularizers::Regularizer> embeddings_regularizer = nullptr;
  Arg<constraints::Constraint> embeddings_constraint = nullptr;
  bool mask_zero = false;          ///< index 0 is padding
  std::string reverse_dtype = "";  ///< "float32" or "bfloat16", in which the way back is computed; empty: as the layer
  std::optional<double> logit_soft_cap = std::nullopt;  ///< what the way back gives is cap * tanh(x / cap)
  Arg<regularizers::Regularizer> activity_regularizer = nullptr;
  CORNU_LAYER_CONFIG(ReversibleEmbeddingConfig);
  using positional = Positions<&ReversibleEmbeddingConfig::input_dim, &ReversibleEmbeddingConfig::output_dim>;
};

/// An Embedding, (batch, …) -> (batch, …, output_dim), which also goes the way back: called with `reverse` it makes a
/// logit for each index of vectors, (batch, …, output_dim) -> (batch, …, input_dim). Weights: embeddings (input_dim,
/// output_dim) and, unless they are tied, reverse_embeddings (output_dim, input_dim). Indices as in Embedding. Throws
/// ValueError if input_dim, output_dim or logit_soft_cap is not positive and for another reverse_dtype, ShapeError for
/// vectors of another length. Keras: `layers.ReversibleEmbedding`.
///
///     const layers::ReversibleEmbedding words(1000, 64);
///     KerasTensor logits = words(decoder(words(tokens)), {.values = {{"reverse", true}}});
using ReversibleEmbedding = Layer::Of<ReversibleEmbeddingConfig>;

}  // namespace cornu::keras::layers
