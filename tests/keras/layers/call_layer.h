#pragma once

#include <optional>
#include <span>
#include <vector>

#include "cornu/graph/array/random.h"
#include "cornu/graph/function.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::tests {

/// Numbers between -1 and 1, others for another seed.
inline Array some(const Shape& shape, std::uint64_t seed = 1) {
  return graph::random::Generator(seed).uniform(shape, -1, 1);
}

struct LayerCall {
  std::vector<Array> outputs;
  std::optional<Array> mask;  // of the first output
  const Array& output() const { return outputs.front(); }
};

/// Calls a layer of any number of inputs once, in inference; inputs may have masks (an array without elements is none).
inline LayerCall call_layer(const keras::Shared<keras::layers::Layer>& layer, const std::vector<Array>& inputs,
                            const std::vector<Array>& masks = {}) {
  bool masked = false;
  const Function f([&](std::span<const Tensor> x) {
    keras::Context ctx;
    Tensors tensors;
    for (std::size_t i = 0; i < x.size(); ++i) {
      tensors.push_back(x[i]);
      if (i < masks.size() && masks[i].size() > 0) ctx.set_mask(x[i], Tensor(masks[i]));
    }
    const Tensors y = (*layer)(keras::Inputs(tensors), ctx);
    Outputs outputs;
    for (const Tensor& tensor : y) outputs.add(tensor);
    masked = ctx.mask(y.front()).defined();
    if (masked) outputs.add(ctx.mask(y.front()));
    return outputs;
  });
  LayerCall result{f.call(inputs).arrays(), std::nullopt};
  if (!masked) return result;
  result.mask = result.outputs.back();
  result.outputs.pop_back();
  return result;
}

}  // namespace cornu::tests
