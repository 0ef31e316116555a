#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

void run(Case& c) {
  const auto optimizer = c.flag("legacy") ? make(keras::optimizers::legacy::registry(), c.config())
                                          : make(keras::optimizers::registry(), c.config());
  const auto names = c.json("var_names");
  std::vector<Variable> variables;
  for (const Array& value : c.numbered("var_")) variables.emplace_back(value, names.at(variables.size()));
  const std::vector<Array> gradients = c.numbered("grads_");
  if (c.has("exclude_from_weight_decay"))
    optimizer->exclude_from_weight_decay({}, c.json("exclude_from_weight_decay").get<std::vector<std::string>>());
  optimizer->build(variables);

  Function step([&](std::span<const Tensor> in) {
    keras::Context ctx(true);
    std::vector<keras::optimizers::Optimizer::GradientAndVariable> pairs;
    for (std::size_t i = 0; i < variables.size(); ++i) pairs.emplace_back(in[i], variables[i]);
    optimizer->apply(pairs, ctx);
    Outputs out;
    for (const auto& [variable, value] : ctx.updates()) out.update(variable, value);
    return out;
  });
  std::vector<std::vector<Array>> after(variables.size());
  for (std::int64_t t = 0; t < c.integer("n_steps"); ++t) {
    std::vector<Array> in;
    for (const Array& g : gradients) in.push_back(g[t]);
    step.call(in);
    for (std::size_t i = 0; i < variables.size(); ++i) after[i].push_back(variables[i].value());
  }
  for (std::size_t i = 0; i < variables.size(); ++i) c.compare(graph::message("vars_", i), stack(after[i]));
  const std::vector<Variable> state = optimizer->variables();
  for (std::size_t j = 0; c.has_data(graph::message("slot_", j)); ++j) {
    if (j >= state.size())
      return c.fail(graph::message("the optimizer has ", state.size(), " variables, slot_", j, " is expected"));
    c.compare(graph::message("slot_", j), state[j].value());
  }
  if (!c.flag("finalize")) return;
  optimizer->finalize_variable_values();
  for (std::size_t i = 0; i < variables.size(); ++i)
    c.compare(graph::message("finalized_var_", i), variables[i].value());
}
const bool added = add_runner("optimizer", run);

}  // namespace
}  // namespace cornu::golden
