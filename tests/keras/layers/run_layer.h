#pragma once

#include "cornu/graph/function.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/ops/binary.h"

namespace cornu::tests {

struct LayerRun {
  Array output;
  double added_loss = 0;  // of all losses the layer adds
};

/// Calls a layer once in a computation of its own; its updates take effect.
inline LayerRun run_layer(const keras::Shared<keras::layers::Layer>& layer, const Array& x, bool training = false) {
  const Function call([&](const Tensor& x) {
    keras::Context ctx(training);
    Outputs outputs{(*layer)(x, ctx)};
    Tensor loss(Array::scalar(0.f));
    for (const Tensor& added : ctx.losses()) loss = loss + added;
    outputs.add(loss);
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  const auto [output, loss] = call(x).get<2>();
  return {output, loss.item<double>()};
}

}  // namespace cornu::tests
