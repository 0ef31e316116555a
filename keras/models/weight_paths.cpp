#include "cornu/keras/models/internal/weight_paths.h"

#include <unordered_set>

namespace cornu::keras::models {
namespace {

using Paths = std::vector<std::pair<std::string, Variable>>;

void add(const layers::Layer& layer, const std::string& path, std::unordered_set<const void*>& known, Paths& paths) {
  for (const layers::Weight& weight : layer.own_weights()) {
    if (!known.insert(weight.variable.id()).second) continue;
    const std::string prefix = layer.name() + '/', &name = weight.variable.name();
    paths.emplace_back(path + '/' + (name.starts_with(prefix) ? name.substr(prefix.size()) : name), weight.variable);
  }
  for (const auto& part : layer.sublayers()) add(*part.layer, path + '/' + part.layer->name(), known, paths);
}

}  // namespace

Paths weight_paths(const layers::Layer& layer) {
  Paths paths;
  std::unordered_set<const void*> known;
  add(layer, layer.name(), known, paths);
  return paths;
}

}  // namespace cornu::keras::models
