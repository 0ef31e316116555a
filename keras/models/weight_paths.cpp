#include "cornu/keras/models/weight_paths.h"

#include <algorithm>

namespace cornu::keras::models {
namespace {

using Paths = std::vector<std::pair<std::string, Variable>>;

void add(const Network& network, const std::string& path, Paths& paths) {
  for (const auto& layer : network.layers()) {
    if (const auto* inner = dynamic_cast<const Network*>(layer.get())) {
      add(*inner, path + '/' + inner->name(), paths);
      continue;
    }
    for (const layers::Weight& weight : layer->weight_list()) {
      const Variable& variable = weight.variable;
      if (std::any_of(paths.begin(), paths.end(), [&](const auto& known) { return known.second == variable; }))
        continue;
      // Named below the layer that added it, which may be one inside of this one.
      const std::string prefix = layer->name() + '/', &name = variable.name();
      paths.emplace_back(path + '/' + (name.starts_with(prefix) ? name : prefix + name), variable);
    }
  }
}

}  // namespace

Paths weight_paths(const Network& network) {
  Paths paths;
  add(network, network.name(), paths);
  return paths;
}

}  // namespace cornu::keras::models
