#pragma once

#include <gmock/gmock.h>

#include <string>
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

/// Throws ValueError whose message has that text.
inline auto refuses(const std::string& text) {
  return testing::ThrowsMessage<graph::ValueError>(testing::HasSubstr(text));
}

/// Two variables, "d/a" of that shape and "d/b" with one element.
inline std::vector<graph::Variable> two_variables(const graph::Shape& shape = {1}) {
  return {graph::Variable(graph::full(shape, 1, graph::float32), "d/a"), graph::Variable(graph::Array{1.f}, "d/b")};
}

/// What a new optimizer calls its variables for these of a model, and its slots in files of Keras 2.
inline std::vector<std::string> weight_names(const keras::Shared<keras::optimizers::Optimizer>& optimizer,
                                             const std::vector<graph::Variable>& variables) {
  optimizer->build(variables);
  std::vector<std::string> names;
  for (const graph::Variable& v : optimizer->variables()) names.push_back(v.name());
  return names;
}
inline std::vector<std::string> slot_names(const keras::Shared<keras::optimizers::Optimizer>& optimizer,
                                           const std::vector<graph::Variable>& variables) {
  optimizer->build(variables);
  std::vector<std::string> names;
  for (const auto& slot : optimizer->slots()) names.push_back(slot.name);
  return names;
}

/// The optimizer against its formula in double, step by step: `next(gradient, t)` is the value of a variable that
/// begins at 1 after step t = 1, 2, …. One gradient is 0 and one is small, so that a wrong epsilon shows.
template <class F>
void expect_rule(const keras::Shared<keras::optimizers::Optimizer>& optimizer, F next) {
  const std::vector<float> gradients = {1.f, -2.f, 0.5f, 1e-5f, 0.f, 3.f};
  Descent d = descent_from_one(optimizer);
  const std::vector<float> got = d.values(gradients);
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], next(gradients[i], static_cast<int>(i) + 1), 2e-5) << "step " << i;
}

}  // namespace cornu::tests
