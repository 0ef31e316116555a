#include "cornu/keras/models/step.h"

#include "cornu/graph/op.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/network.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::models {

Tensors Step::call(const Inputs& x) {
  Tensors outputs = network_(x, context_);
  for (Tensor& y : outputs) {
    const Tensor wide = ops::cast_floating(y, graph::float32);
    if (!wide.same(y)) context_.set_mask(wide, context_.mask(y));
    y = wide;
  }
  return outputs;
}

Tensor Step::compute_loss(const Batch& batch, const Tensors& y_pred) {
  return training_.compute_loss(batch, y_pred, *this);
}

void Step::update_metrics(const Batch& batch, const Tensors& y_pred) {
  training_.update_metrics(batch, y_pred, context_);
  const graph::NameScope scope("metrics");
  for (const auto& [name, value] : context_.metrics()) track(name, value);
}

void Step::minimise(const Tensor& loss) { minimise(loss, training_.optimizer(), training_.trained()); }

void Step::minimise(const Tensor& loss, const Shared<optimizers::Optimizer>& optimizer,
                    const std::vector<Variable>& variables) {
  training_.minimise(loss, optimizer, variables, context_);
}

void Step::track(const std::string& name, const Tensor& value) {
  Training::Mean& mean = training_.mean(name);
  const graph::NameScope scope(name);
  const double samples = static_cast<double>(samples_);
  const Tensor scalar = ops::cast(value.ndim() == 0 ? value : ops::mean(value), graph::float32);
  context_.update(mean.total, Tensor(mean.total) + scalar * samples);
  context_.update(mean.count, Tensor(mean.count) + samples);
}

}  // namespace cornu::keras::models
