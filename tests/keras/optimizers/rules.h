#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/keras/optimizers/descent.h"
#include "tests/support/keras_samples.h"

// What the tests of the rules share.
namespace cornu::keras::optimizers {

/// Throws ValueError whose message has that text.
inline auto refuses(const std::string& text) {
  return testing::ThrowsMessage<graph::ValueError>(testing::HasSubstr(text));
}

/// Two variables, "d/a" of that shape and "d/b" with one element.
inline std::vector<Variable> two_variables(const graph::Shape& shape = {1}) {
  return {Variable(graph::full(shape, 1, graph::float32), "d/a"), Variable(graph::Array{1.f}, "d/b")};
}

/// What a new optimizer calls its variables for these of a model, and its slots in files of Keras 2.
inline std::vector<std::string> weight_names(const Shared<Optimizer>& optimizer,
                                             const std::vector<Variable>& variables) {
  optimizer->build(variables);
  std::vector<std::string> names;
  for (const Variable& v : optimizer->variables()) names.push_back(v.name());
  return names;
}
inline std::vector<std::string> slot_names(const Shared<Optimizer>& optimizer, const std::vector<Variable>& variables) {
  optimizer->build(variables);
  std::vector<std::string> names;
  for (const auto& slot : optimizer->slots()) names.push_back(slot.name);
  return names;
}

/// The optimizer against its formula in double, step by step: `next(gradient, t)` is the value of a variable that
/// begins at 1 after step t = 1, 2, …. One gradient is 0 and one is small, so that a wrong epsilon shows.
template <class F>
void expect_rule(const Shared<Optimizer>& optimizer, F next) {
  const std::vector<float> gradients = {1.f, -2.f, 0.5f, 1e-5f, 0.f, 3.f};
  tests::Descent d = tests::descent_from_one(optimizer);
  const std::vector<float> got = d.values(gradients);
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], next(gradients[i], static_cast<int>(i) + 1), 2e-5) << "step " << i;
}

}  // namespace cornu::keras::optimizers
