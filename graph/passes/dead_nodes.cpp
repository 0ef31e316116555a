#include "cornu/graph/passes/internal/dead_nodes.h"

#include <algorithm>

#include "cornu/graph/leaf.h"

namespace cornu::graph::passes {
namespace {

bool is_old_value(const Tensor& value, const Variable& variable) {
  Tensor source = value;  // views keep the bytes, and the update has the variable's spec
  while (source.node().op().traits().view && source.index() == 0) source = source.node().inputs().at(0);
  const auto* read = as<ReadVariable>(source);
  return read && read->variable == variable;
}

}  // namespace

Outputs remove_dead_nodes(const Outputs& outputs) {
  std::vector<Outputs::Update> updates;
  for (const auto& [variable, value] : outputs.updates())
    if (!is_old_value(value, variable)) updates.emplace_back(variable, value);
  if (updates.size() == outputs.updates().size()) return outputs;
  return Outputs(outputs.tensors(), std::move(updates));
}

}  // namespace cornu::graph::passes
