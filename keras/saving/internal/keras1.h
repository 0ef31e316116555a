#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/variable.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/saving/internal/json_text.h"

namespace cornu::keras::saving::internal {

/// Whether a model's config, of a file that does not say its version, has what only Keras 1 calls so ("nb_filter").
bool looks_like_keras1(const Json& config);

/// A model's config as Keras 2 would have written it. Throws ValueError for what Keras 2 has nothing for.
Json from_keras1(const Json& config);

/// Who wrote the weights, where they differ from Keras 2's with TensorFlow.
struct WrittenBy {
  bool keras1 = false;
  bool theano = false;  ///< kernels of convolutions are turned round
};

/// Whether weights of such shapes are those of CuDNN's recurrent layers, which tf.keras and Keras 2 had apart.
bool are_of_cudnn(const layers::Layer& layer, const std::vector<Variable>& wanted, const std::vector<Shape>& stored);

/// A layer's weights as they are now: gates of recurrent layers in one array, those of CuDNN as everyone's, kernels of
/// convolutions with their axes in Keras 2's order and not turned round. What needs no change stays, and so does what
/// does not fit.
std::vector<Array> weights_as_now(const layers::Layer& layer, const std::vector<Variable>& wanted,
                                  std::vector<Array> stored, WrittenBy by);

}  // namespace cornu::keras::saving::internal
