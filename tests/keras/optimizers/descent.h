#pragma once

#include <vector>

#include "cornu/graph/function.h"
#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::tests {

/// Variables and an optimizer that is given their gradients, step by step; the step is traced once.
class Descent {
 public:
  using Constraint = std::function<graph::Tensor(const graph::Tensor&)>;
  Descent(keras::Shared<keras::optimizers::Optimizer> optimizer, std::vector<graph::Variable> variables,
          std::vector<Constraint> constraints = {})
      : optimizer(std::move(optimizer)), variables(std::move(variables)), constraints_(std::move(constraints)) {
    step_ = graph::Function([this](std::span<const graph::Tensor> gradients) {
      keras::Context ctx(true);
      std::vector<keras::optimizers::Optimizer::GradientAndVariable> pairs;
      for (std::size_t i = 0; i < gradients.size(); ++i) pairs.emplace_back(gradients[i], this->variables[i]);
      this->optimizer->apply(pairs, ctx, constraints_);
      graph::Outputs outputs;
      for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
      return outputs;
    });
  }
  Descent(const Descent&) = delete;  // the step refers to this
  void step(const std::vector<graph::Array>& gradients) { step_.call(gradients); }
  /// One element of a variable now.
  float value(int variable = 0, int element = 0) const { return variables[variable].value().data<float>()[element]; }
  /// The value after each of these gradients of a single variable with one element.
  std::vector<float> values(const std::vector<float>& gradients) {
    std::vector<float> out;
    for (const float g : gradients) {
      step({graph::Array{g}});
      out.push_back(value());
    }
    return out;
  }

  keras::Shared<keras::optimizers::Optimizer> optimizer;
  std::vector<graph::Variable> variables;

 private:
  std::vector<Constraint> constraints_;
  graph::Function step_;
};

/// A descent of one variable with one element, which begins at 1.
inline Descent descent_from_one(keras::Shared<keras::optimizers::Optimizer> optimizer) {
  return {std::move(optimizer), {graph::Variable(graph::Array{1.f}, "w")}};
}

}  // namespace cornu::tests
