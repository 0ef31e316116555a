#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct CategoryEncodingConfig {
  int num_tokens = 0;                     ///< the number of categories; required
  std::string output_mode = "multi_hot";  ///< or "one_hot", "count"; "binary" is an older word for "multi_hot"
  bool sparse = false;                    ///< true is an error
  CORNU_LAYER_CONFIG(CategoryEncodingConfig);
  using positional = Positions<&CategoryEncodingConfig::num_tokens, &CategoryEncodingConfig::output_mode>;
};

/// Encodes categories that are numbered from 0 to num_tokens - 1. "one_hot": (…) -> (…, num_tokens), and (…, 1) ->
/// (…, num_tokens). "multi_hot", whether a sample has a category, and "count", how often: (batch, numbers) -> (batch,
/// num_tokens). With the tensor `count_weights` by name, of the input's shape, "count" adds up weights. A number that
/// is none of the categories counts nowhere; fractions are cut off.
///
/// Throws ValueError for num_tokens below 1, another output_mode, sparse, and for count_weights in another mode than
/// "count". A file's `sparse` is read as false: the numbers are the same. Keras: `layers.CategoryEncoding`.
///
///     Array y = CategoryEncoding(4, "one_hot")(Array{3, 2, 0, 1});
///     KerasTensor y = CategoryEncoding(4, "count")(ids, {.named = {{"count_weights", weights}}});
using CategoryEncoding = Layer::Of<CategoryEncodingConfig>;

}  // namespace cornu::keras::layers
