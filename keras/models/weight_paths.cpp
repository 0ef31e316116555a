#include "cornu/keras/models/internal/weight_paths.h"

#include <set>
#include <unordered_set>

#include "cornu/keras/models/internal/sequential_network.h"

namespace cornu::keras::models {
namespace {

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() || name.empty() ? path + name : path + '/' + name;
}

class LayerPaths {
 public:
  // `outer` is what Keras puts before the layer's name, `full` the names of all that it lies in.
  void add(const layers::Layer& layer, const std::string& name, const std::string& outer, const std::string& full) {
    if (paths.contains(&layer)) return;
    const std::string whole = joined(full, name);
    std::string path = joined(starts_anew(layer) ? "" : outer, name);
    if (!taken_.insert(path).second) taken_.insert(path = whole);
    paths[&layer] = path;
    const auto* network = dynamic_cast<const Network*>(&layer);
    const bool graph = network != nullptr && network->form() == Network::Form::graph;
    for (const auto& part : layer.sublayers()) add(*part.layer, part.layer->name(), graph ? "" : path, whole);
  }
  std::map<const layers::Layer*, std::string> paths;

 private:
  static bool starts_anew(const layers::Layer& layer) {
    const auto* row = dynamic_cast<const SequentialNetwork*>(&layer);
    return row != nullptr && row->declared_input().is_set();
  }
  std::set<std::string> taken_;
};

using Paths = std::vector<std::pair<std::string, Variable>>;

void add_weights(const layers::Layer& layer, const std::map<const layers::Layer*, std::string>& layers,
                 std::unordered_set<const void*>& known, Paths& paths) {
  for (const layers::Weight& weight : layer.own_weights()) {
    if (!known.insert(weight.variable.id()).second) continue;
    const std::string prefix = layer.name() + '/', &name = weight.variable.name();
    paths.emplace_back(layers.at(&layer) + '/' + (name.starts_with(prefix) ? name.substr(prefix.size()) : name),
                       weight.variable);
  }
  for (const auto& part : layer.sublayers()) add_weights(*part.layer, layers, known, paths);
}

}  // namespace

std::map<const layers::Layer*, std::string> layer_paths(const layers::Layer& layer) {
  LayerPaths found;
  found.add(layer, layer.name(), "", "");
  return std::move(found.paths);
}

Paths weight_paths(const layers::Layer& layer) {
  Paths paths;
  std::unordered_set<const void*> known;
  add_weights(layer, layer_paths(layer), known, paths);
  return paths;
}

}  // namespace cornu::keras::models
