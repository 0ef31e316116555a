#include "cornu/keras/saving/internal/weights_file.h"

#include <set>

#include "cornu/keras/saving/internal/keras_version.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using io::hdf5::Charset;

void collect(const layers::Layer& layer, const std::string& scope, std::vector<NamedWeight>& trained,
             std::vector<NamedWeight>& others) {
  if (const auto* network = dynamic_cast<const models::Network*>(&layer)) {
    for (const auto& inner : network->layers()) collect(*inner, scope + network->name() + "/", trained, others);
    return;
  }
  for (const Variable& weight : layer.trainable_weights()) trained.push_back({weight, scope + weight.name()});
  for (const Variable& weight : layer.non_trainable_weights()) others.push_back({weight, scope + weight.name()});
}

// Datasets, with what names them in an error.
std::vector<io::hdf5::Dataset> datasets_in(const io::hdf5::Group& group) {
  std::vector<io::hdf5::Dataset> datasets;
  std::set<std::string> seen;
  for (const std::string& name : group.texts("weight_names")) {
    require<FormatError>(seen.insert(name).second, group.path(), ": weight_names lists '", name, "' twice");
    datasets.push_back(group.at(name));
  }
  return datasets;
}

}  // namespace

Array as_stored(const Array& value) { return value.dtype() == graph::bfloat16 ? value.astype(graph::float32) : value; }

std::vector<NamedWeight> weights_in_file_order(const layers::Layer& layer) {
  std::vector<NamedWeight> trained, others;
  collect(layer, "", trained, others);
  trained.insert(trained.end(), others.begin(), others.end());
  return trained;
}

void write_weights(io::hdf5::Writer::Group group, const models::Network& network) {
  std::vector<std::string> layer_names;
  for (const auto& layer : network.layers()) layer_names.push_back(layer->name());
  group.texts("layer_names", layer_names);
  group.text("backend", "tensorflow", Charset::ascii);
  group.text("keras_version", kKeras2, Charset::ascii);
  for (const auto& layer : network.layers()) {
    auto place = group.group(layer->name());
    std::vector<std::string> names;
    for (const auto& [weight, name] : weights_in_file_order(*layer)) {
      names.push_back(name + ":0");
      place.dataset(names.back(), as_stored(weight.value()));
    }
    place.texts("weight_names", names);
  }
  group.group("top_level_model_weights").texts("weight_names", {});
}

StoredWeights::StoredWeights(const io::hdf5::Group& group) : place_(group.path()) {
  std::set<std::string> seen;
  for (const std::string& name : group.texts("layer_names")) {
    require<FormatError>(seen.insert(name).second, place_, ": layer_names lists '", name, "' twice");
    if (auto datasets = datasets_in(group.group(name)); !datasets.empty())
      layers_.push_back({name, std::move(datasets)});
  }
  if (group.is_group("top_level_model_weights"))
    require<FormatError>(datasets_in(group.group("top_level_model_weights")).empty(), place_,
                         "/top_level_model_weights: weights outside of all layers are not supported");
}

std::int64_t StoredWeights::elements() const {
  std::int64_t total = 0;
  for (const LayerWeights& layer : layers_)
    for (const auto& dataset : layer.datasets) total += dataset.spec().shape.elements();
  return total;
}

std::vector<std::pair<Variable, Array>> StoredWeights::values_for(const models::Network& network) const {
  std::vector<std::pair<Shared<layers::Layer>, std::vector<NamedWeight>>> wanted;
  for (const auto& layer : network.layers())
    if (auto weights = weights_in_file_order(*layer); !weights.empty()) wanted.emplace_back(layer, std::move(weights));
  require<FormatError>(wanted.size() == layers_.size(), place_, ": expected weights of ", wanted.size(),
                       " layers, the file holds those of ", layers_.size());

  // Everything is compared before anything is read.
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& [layer, weights] = wanted[i];
    const auto& [stored, datasets] = layers_[i];
    const std::string who = graph::message('[', layer->class_name(), " \"", layer->name(), "\"] ");
    require<FormatError>(weights.size() == datasets.size(), who, "expected ", weights.size(),
                         " weights, the file holds ", datasets.size(), " for its layer '", stored, "'");
    for (std::size_t j = 0; j < weights.size(); ++j)
      require<FormatError>(weights[j].variable.shape() == datasets[j].spec().shape, who, "expected shape ",
                           weights[j].variable.shape(), " for weight '", weights[j].name, "', the file holds ",
                           datasets[j].spec().shape, " in ", datasets[j].path());
  }
  std::vector<std::pair<Variable, Array>> values;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    for (std::size_t j = 0; j < wanted[i].second.size(); ++j) {
      const Variable& weight = wanted[i].second[j].variable;
      values.emplace_back(weight, layers_[i].datasets[j].read().astype(weight.dtype()));
    }
  return values;
}

void assign(const std::vector<std::pair<Variable, Array>>& values) {
  for (auto [variable, value] : values) variable.assign(value);
}

}  // namespace cornu::keras::saving::internal
