#include "cornu/keras/saving/internal/weights_file.h"

#include <algorithm>
#include <map>
#include <set>

#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"
#include "cornu/keras/models/internal/weight_paths.h"
#include "cornu/keras/saving/internal/keras2_config.h"
#include "cornu/keras/saving/internal/keras_version.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using io::hdf5::Charset;
using io::hdf5::Group;

// Datasets, with what names them in an error.
std::vector<std::pair<std::string, io::hdf5::Dataset>> datasets_in(const Group& group) {
  std::vector<std::pair<std::string, io::hdf5::Dataset>> datasets;
  std::set<std::string> seen;
  for (const std::string& name : group.texts("weight_names")) {
    require<FormatError>(seen.insert(name).second, group.path(), ": weight_names lists '", name, "' twice");
    datasets.emplace_back(name, group.at(name));
  }
  return datasets;
}

// Whether a stored name is that of a weight: Keras 2 puts ":0" behind it, Keras 3 the model's name in front, and inner
// models are named in one of them.
bool is_name_of(std::string stored, const std::string& name) {
  if (stored.ends_with(":0")) stored.resize(stored.size() - 2);
  return stored == name || stored.ends_with('/' + name) || name.ends_with('/' + stored);
}

}  // namespace

Array as_stored(const Array& value) { return value.dtype() == graph::bfloat16 ? value.astype(graph::float32) : value; }

std::vector<NamedWeight> weights_in_file_order(const layers::Layer& layer) {
  std::vector<NamedWeight> weights;
  for (auto& [path, variable] : models::weight_paths(layer)) weights.push_back({variable, path});
  const std::vector<Variable> trained = layer.trainable_weights();
  std::stable_partition(weights.begin(), weights.end(), [&](const NamedWeight& weight) {
    return std::find(trained.begin(), trained.end(), weight.variable) != trained.end();
  });
  return weights;
}

void write_weights(io::hdf5::Writer::Group group, const models::Network& network) {
  std::vector<std::string> layer_names;
  for (const auto& layer : network.layers())
    if (std::find(layer_names.begin(), layer_names.end(), layer->name()) == layer_names.end())
      layer_names.push_back(layer->name());
  group.texts("layer_names", layer_names);
  group.text("backend", "tensorflow", Charset::ascii);
  group.text("keras_version", kKeras2, Charset::ascii);
  std::set<std::string> written;
  for (const auto& layer : network.layers()) {
    if (!written.insert(layer->name()).second) continue;  // a layer that stands twice in a row
    auto place = group.group(layer->name());
    std::vector<std::string> names;
    for (const auto& [weight, name] : weights_in_file_order(*layer)) {
      names.push_back(name + ":0");
      place.dataset(names.back(), as_stored(weight.value()));
    }
    place.texts("weight_names", names);
  }
  auto top = group.group("top_level_model_weights");
  std::vector<std::string> names;
  for (const layers::Weight& weight : network.own_weights()) {
    names.push_back(weight.variable.name() + ":0");
    top.dataset(names.back(), as_stored(weight.variable.value()));
  }
  top.texts("weight_names", names);
}

StoredWeights::StoredWeights(const Group& group, WrittenBy by) : place_(group.path()), by_(by) {
  std::set<std::string> seen;
  for (const std::string& name : group.texts("layer_names")) {
    require<FormatError>(seen.insert(name).second, place_, ": layer_names lists '", name, "' twice");
    if (auto datasets = datasets_in(group.group(name)); !datasets.empty())
      layers_.push_back({name_without_slash(name), std::move(datasets)});
  }
  if (group.is_group("top_level_model_weights")) top_.datasets = datasets_in(group.group("top_level_model_weights"));
}

std::int64_t StoredWeights::elements() const {
  std::int64_t total = 0;
  for (const LayerWeights& layer : layers_)
    for (const auto& [name, dataset] : layer.datasets) total += dataset.spec().shape.elements();
  for (const auto& [name, dataset] : top_.datasets) total += dataset.spec().shape.elements();
  return total;
}

// Where the sets of names are equal, each weight is found by its name: their order depends on what was frozen when the
// file was written. Else they are taken in order, as Keras does.
std::vector<std::size_t> StoredWeights::places(const std::vector<NamedWeight>& weights, const LayerWeights& stored) {
  std::vector<std::size_t> order, by_order;
  std::set<std::size_t> taken;
  bool unique = weights.size() == stored.datasets.size();
  for (std::size_t w = 0; w < weights.size(); ++w) {
    by_order.push_back(w);
    std::size_t found = 0;
    for (std::size_t i = 0; i < stored.datasets.size(); ++i)
      if (is_name_of(stored.datasets[i].first, weights[w].name)) ++found, order.push_back(i);
    unique = unique && found == 1 && taken.insert(order.back()).second;
  }
  return unique ? order : by_order;
}

std::vector<StoredWeights::Match> StoredWeights::matches(const models::Network& network, bool by_name) const {
  std::vector<Match> wanted;
  std::set<const layers::Layer*> known;
  for (const auto& layer : network.layers())
    if (auto weights = weights_in_file_order(*layer); !weights.empty() && known.insert(layer.get()).second)
      wanted.push_back({layer.get(), std::move(weights), nullptr});
  std::map<std::string, const LayerWeights*> named;
  for (const LayerWeights& stored : layers_) named.emplace(stored.layer, &stored);
  if (by_name) {
    std::erase_if(wanted, [&](Match& match) {
      const auto found = named.find(match.layer->name());
      if (found != named.end()) match.stored = found->second;
      return found == named.end();
    });
    return wanted;
  }
  // Keras 2 has weights of tokens as a weight where Keras 3 and Cornu have them in the config alone.
  std::set<std::string> without;
  for (const auto& layer : network.layers())
    if (dynamic_cast<const layers::PreprocessingLayer*>(layer.get()) && layer->weights().empty())
      without.insert(layer->name());
  std::vector<const LayerWeights*> others;
  for (const LayerWeights& stored : layers_)
    if (!without.contains(stored.layer)) others.push_back(&stored);
  require<FormatError>(wanted.size() == others.size(), place_, ": expected weights of ", wanted.size(),
                       " layers, the file holds those of ", others.size());
  const bool same_names = std::all_of(wanted.begin(), wanted.end(),
                                      [&](const Match& match) { return named.contains(match.layer->name()); });
  for (std::size_t i = 0; i < wanted.size(); ++i)
    wanted[i].stored = same_names ? named.at(wanted[i].layer->name()) : others[i];
  return wanted;
}

std::vector<std::pair<Variable, Array>> StoredWeights::values_for(const models::Network& network,
                                                                  const LoadWeightsConfig& config) const {
  const std::vector<Match> wanted = matches(network, config.by_name);
  std::vector<std::pair<Variable, const io::hdf5::Dataset*>> found;
  std::vector<std::pair<Variable, Array>> values;  // of those that are changed at once
  // Everything is compared before anything is read.
  const auto take = [&](const std::string& who, const std::vector<NamedWeight>& weights, const LayerWeights& stored) {
    const auto mismatch = [&](const auto&... parts) {
      const std::string text = graph::message(who, parts...);
      if (!config.skip_mismatch) throw FormatError(text);
      utils::warn(text + ": left out");
    };
    if (weights.size() != stored.datasets.size())
      return mismatch("expected ", weights.size(), " weights, the file holds ", stored.datasets.size(),
                      " for its layer '", stored.layer, "'");
    const auto order = places(weights, stored);
    for (std::size_t j = 0; j < weights.size(); ++j) {
      const io::hdf5::Dataset& dataset = stored.datasets[order[j]].second;
      if (weights[j].variable.shape() == dataset.spec().shape)
        found.emplace_back(weights[j].variable, &dataset);
      else
        mismatch("expected shape ", weights[j].variable.shape(), " for weight '", weights[j].name, "', the file holds ",
                 dataset.spec().shape, " in ", dataset.path());
    }
  };
  const auto take_changed = [&](const layers::Layer& layer, const std::vector<NamedWeight>& weights,
                                const LayerWeights& stored) {
    std::vector<Variable> variables;
    std::vector<Array> arrays;
    for (const NamedWeight& weight : weights) variables.push_back(weight.variable);
    for (const auto& [name, dataset] : stored.datasets) arrays.push_back(dataset.read());
    arrays = weights_as_now(layer, variables, std::move(arrays), by_);
    require<FormatError>(arrays.size() == variables.size(), layer.described(), ": expected ", variables.size(),
                         " weights, the file holds ", arrays.size(), " for its layer '", stored.layer, "'");
    for (std::size_t i = 0; i < arrays.size(); ++i) {
      require<FormatError>(arrays[i].shape() == variables[i].shape(), layer.described(), ": expected shape ",
                           variables[i].shape(), " for weight '", weights[i].name, "', the file holds ",
                           arrays[i].shape());
      values.emplace_back(variables[i], arrays[i].astype(variables[i].dtype()));
    }
  };
  for (const Match& match : wanted) {
    std::vector<Variable> variables;
    std::vector<Shape> shapes;
    for (const NamedWeight& weight : match.weights) variables.push_back(weight.variable);
    for (const auto& [name, dataset] : match.stored->datasets) shapes.push_back(dataset.spec().shape);
    if ((changed() && !config.skip_mismatch) || are_of_cudnn(*match.layer, variables, shapes)) {
      take_changed(*match.layer, match.weights, *match.stored);
      continue;
    }
    take(graph::message('[', match.layer->class_name(), " \"", match.layer->name(), "\"] "), match.weights,
         *match.stored);
  }
  std::vector<NamedWeight> own;
  for (const layers::Weight& weight : network.own_weights()) own.push_back({weight.variable, weight.variable.name()});
  if (!own.empty() || !top_.datasets.empty())
    take(graph::message('[', network.class_name(), " \"", network.name(), "\"] weights outside of all layers: "), own,
         top_);
  for (const auto& [variable, dataset] : found) values.emplace_back(variable, dataset->read().astype(variable.dtype()));
  return values;
}

void assign(const std::vector<std::pair<Variable, Array>>& values) {
  for (auto [variable, value] : values) variable.assign(value);
}

}  // namespace cornu::keras::saving::internal
