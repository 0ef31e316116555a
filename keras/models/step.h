#pragma once

#include <string>
#include <vector>

#include "cornu/keras/context.h"
#include "cornu/keras/layers/inputs.h"
#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras {

/// What a step is given of the data: tensors for each input, and for each output its targets and sample weights, which
/// are undefined where there are none.
struct Batch {
  Inputs x;
  graph::Tensors y, weight;

  /// The number of samples.
  std::int64_t size() const { return x.size() == 0 || x[0].ndim() == 0 ? 1 : x[0].shape().front(); }
};

namespace models {

class Network;
class Training;

/// A step while it is described: how a `train_step` of one's own computes losses, changes weights and reports figures.
/// What it does happens in its order: layers that are called after `minimise` compute with the new weights.
///
///     void train_step(const Batch& batch, Step& step) override {
///       const Tensors y = step.call(batch.x);
///       step.minimise(step.compute_loss(batch, y));
///       step.update_metrics(batch, y);
///     }
class CORNU_EXPORT Step {
 public:
  Step(Training& training, Network& network, Context& context)
      : training_(training), network_(network), context_(context) {}

  Context& context() { return context_; }
  bool training() const { return context_.training(); }
  /// What the model makes of the inputs, floating outputs in float32, in which losses and metrics are computed.
  Tensors call(const Inputs& x);
  /// The loss that `compile` was given, over all outputs, with the losses that layers have added; it is logged as
  /// "loss", and that of each of several outputs by the output's name. Throws ValueError if there is none at all.
  Tensor compute_loss(const Batch& batch, const Tensors& y_pred);
  /// Updates the metrics that `compile` was given, and those that layers have added.
  void update_metrics(const Batch& batch, const Tensors& y_pred);
  /// A step of the compiled optimizer for all weights that are trained.
  void minimise(const Tensor& loss);
  /// A step of any optimizer for some weights. Weights that the loss does not depend on stay as they are, with a
  /// warning. The optimizer must be the object that is used at every step: a member of the network.
  void minimise(const Tensor& loss, const Shared<optimizers::Optimizer>& optimizer,
                const std::vector<Variable>& variables);
  /// A figure that is logged by that name: the mean over samples of a tensor's mean.
  void track(const std::string& name, const Tensor& value);

 private:
  Training& training_;
  Network& network_;
  Context& context_;
  std::int64_t samples_ = 1;
  friend class Training;
};

}  // namespace models
}  // namespace cornu::keras
