#pragma once

#include "cornu/graph/function.h"
#include "cornu/keras/context.h"

namespace cornu::tests {

/// The numbers of a tensor that is made of constants and variables alone.
inline graph::Array evaluate(const graph::Tensor& tensor) {
  return graph::Function([&](std::span<const graph::Tensor>) { return tensor; })();
}

/// Runs what was described in a context: its updates.
inline void run(const keras::Context& ctx) {
  graph::Function([&](std::span<const graph::Tensor>) {
    graph::Outputs outputs;
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  })();
}

}  // namespace cornu::tests
