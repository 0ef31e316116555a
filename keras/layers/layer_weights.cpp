#include <algorithm>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/layer_state.h"
#include "cornu/keras/layers/internal/weight_allowance.h"

namespace cornu::keras::layers {

using graph::require;

Variable Layer::add_weight(const WeightConfig& config) {
  const std::string name = config.name.empty() ? "variable" : config.name;
  require<ValueError>(config.shape.is_set() && config.shape.is_static(), who(), "weight '", name,
                      "' needs a known shape, got ", config.shape);
  Array value;
  if (auto* allowance = internal::WeightAllowance::current()) {
    allowance->take(scope() + "/" + name, config.shape);
    value = graph::zeros(config.shape);
  } else {
    const Shared<initializers::Initializer> initializer =
        config.initializer ? config.initializer : Arg<initializers::Initializer>("glorot_uniform");
    value = (*initializer)(config.shape, state_->random);
    require<ValueError>(value.shape() == config.shape, who(), "initializer ", initializer->class_name(), " gave shape ",
                        value.shape(), " for weight '", name, "' of shape ", config.shape);
  }
  const Variable variable(value.astype(config.dtype.value_or(variable_dtype())), scope() + "/" + name,
                          config.trainable);
  state_->weights.push_back({variable, config.regularizer, config.constraint});
  return variable;
}

void Layer::list_weight(const Weight& weight) {
  state_->weights.push_back(weight);
  state_->of_sublayers.insert(weight.variable.id());
}

const std::vector<Weight>& Layer::own_weights() const { return state_->weights; }

std::vector<Weight> Layer::weight_list() const {
  std::vector<Weight> weights = state_->weights;
  std::stable_partition(weights.begin(), weights.end(), [](const Weight& w) { return w.variable.trainable(); });
  std::unordered_set<const void*> known;
  for (const Weight& weight : weights) known.insert(weight.variable.id());
  for (const Sublayer& part : state_->sublayers)
    for (Weight& weight : part.layer->weight_list())
      if (known.insert(weight.variable.id()).second)
        weights.push_back(std::move(weight));  // a part used twice counts once
  return weights;
}

std::vector<Variable> Layer::weights() const {
  std::vector<Variable> variables;
  for (const Weight& weight : weight_list()) variables.push_back(weight.variable);
  return variables;
}

std::vector<Variable> Layer::trainable_weights() const {
  std::vector<Variable> variables;
  if (!trainable()) return variables;
  std::unordered_set<const void*> known;
  const auto add = [&](const Variable& variable) {
    if (known.insert(variable.id()).second) variables.push_back(variable);
  };
  for (const Weight& weight : state_->weights)
    if (weight.variable.trainable()) add(weight.variable);
  for (const Sublayer& part : state_->sublayers)
    for (const Variable& variable : part.layer->trainable_weights()) add(variable);
  return variables;
}

std::vector<Variable> Layer::non_trainable_weights() const {
  const auto trained = trainable_weights();
  std::vector<Variable> variables;
  for (const Variable& variable : weights())
    if (std::find(trained.begin(), trained.end(), variable) == trained.end()) variables.push_back(variable);
  return variables;
}

std::vector<Array> Layer::get_weights() const {
  std::vector<Array> values;
  for (const Variable& variable : weights()) values.push_back(variable.value());
  return values;
}

void Layer::set_weights(const std::vector<Array>& values) {
  std::vector<Variable> variables = weights();
  require<ValueError>(values.size() == variables.size(), who(), "set_weights: expected ", variables.size(),
                      " arrays, got ", values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    require<ShapeError>(values[i].shape() == variables[i].shape(), who(), "set_weights: expected shape ",
                        variables[i].shape(), " for '", variables[i].name(), "', got ", values[i].shape());
  for (std::size_t i = 0; i < values.size(); ++i) variables[i].assign(values[i]);
}

std::int64_t Layer::count_params() const {
  std::int64_t count = 0;
  for (const Variable& variable : weights()) count += variable.shape().elements();
  return count;
}

}  // namespace cornu::keras::layers
