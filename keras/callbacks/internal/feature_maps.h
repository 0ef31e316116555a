#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::callbacks::internal {

/// What the convolution layers of a network make of images: an image for each sample with all channels side by side,
/// each from its least value (black) to its greatest (white). A convolution layer is one that has a kernel of four axes
/// and gives (batch, height, width, channels), or with channels first.
class FeatureMaps {
 public:
  /// Of so many samples. The network must outlive it.
  FeatureMaps(models::Network& network, int samples);
  FeatureMaps(const FeatureMaps&) = delete;

  /// By the layers' paths, "sequential/conv2d/activation": (samples, height, width, 1), from 0 to 1. What layers give
  /// is computed as `predict` does.
  std::vector<std::pair<std::string, Array>> operator()(const std::vector<Array>& inputs);

 private:
  Outputs describe(std::span<const Tensor> inputs);
  models::Network& network_;
  int samples_;
  std::vector<std::string> paths_;  // of the outputs
  graph::Function function_;
};

}  // namespace cornu::keras::callbacks::internal
