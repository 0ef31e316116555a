#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/array/histogram.h"
#include "cornu/graph/function.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

/// How the activations of a network's layers and the gradients of the loss by its weights are distributed for a batch:
/// computed like a test step, without dropout and without changing anything, and counted in the same compiled
/// computation. Layers that only give their input another shape are left out.
///
///     Observation observe(network, training);
///     for (const auto& [path, histogram] : observe(batch)) …    // "sequential/dense/activation",
///     "sequential/dense/kernel/gradient"
class Observation {
 public:
  /// Both must outlive it.
  Observation(Network& network, Training& training);
  Observation(const Observation&) = delete;

  /// Of a batch: x, y and perhaps sample weights.
  std::vector<std::pair<std::string, graph::Histogram>> operator()(const data::Columns& batch);

 private:
  Outputs describe(std::span<const Tensor> arguments);

  Network& network_;
  Training& training_;
  data::Columns like_;              // the batch whose arguments are described
  std::vector<std::string> paths_;  // of the histograms, three outputs each; the same for every shape of the batch
  graph::Function function_;
};

/// What the layers of a network computed, of those that have no layers inside and do compute: a call whose output has
/// the elements of its input in their order (Flatten, Reshape, Dropout in inference) is left out. With the layers'
/// paths as Keras names them. The context has kept the calls.
std::vector<Context::LayerCall> computing_calls(const Network& network, const Context& ctx);

}  // namespace cornu::keras::models
