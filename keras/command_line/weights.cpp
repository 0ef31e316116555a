#include "cornu/keras/command_line/weights.h"

#include <map>

namespace cornu::command_line {
namespace {

using Names = std::map<const void*, std::string>;

// The layers of a layer name their weights first; what is left is its own.
void name_weights(const keras::layers::Layer& layer, const std::string& path, Names& names) {
  for (const auto& part : layer.sublayers()) name_weights(*part.layer, path + '/' + part.layer->name(), names);
  for (const Variable& variable : layer.weights()) {
    const std::string& name = variable.name();
    const std::size_t slash = name.rfind('/');
    names.try_emplace(variable.id(), path + '/' + (slash == std::string::npos ? name : name.substr(slash + 1)));
  }
}

}  // namespace

std::vector<NamedWeight> weights_of(const keras::models::Model& model) {
  Names names;
  std::vector<NamedWeight> all;
  for (const auto& layer : model.layers()) {
    name_weights(*layer, layer->name(), names);
    for (const Variable& variable : layer->weights()) all.push_back({names.at(variable.id()), variable});
  }
  return all;
}

}  // namespace cornu::command_line
