#include "cornu/keras/saving/internal/layer_store.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/own_random_state.h"
#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/keras/saving/internal/optimizer_state.h"
#include "cornu/keras/saving/internal/weights_file.h"
#include "cornu/keras/saving/stored_as.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using io::hdf5::Dataset;
using io::hdf5::Group;
using layers::Layer;
using layers::PreprocessingLayer;

std::string below(const std::string& place, const std::string& name) {
  return place.empty() ? name : place + '/' + name;
}

class Placing {
 public:
  explicit Placing(Listing listing) : listing_(listing) {}

  void add(const Layer& layer, const std::string& place) {
    if (!known_.insert(&layer).second) return;
    placed.push_back({&layer, place});
    const auto* network = dynamic_cast<const models::Network*>(&layer);
    if (network != nullptr && network->form() != models::Network::Form::own)
      add_list(*network, place);
    else
      for (const auto& part : layer.sublayers()) add(*part.layer, below(place, part.name));
  }
  std::vector<PlacedLayer> placed;

 private:
  void add_list(const models::Network& network, const std::string& place) {
    const bool layers = listing_ == Listing::layers;
    const std::string list = below(place, layers ? "layers" : "_layer_checkpoint_dependencies");
    std::map<std::string, int> of_name;
    for (const auto& layer : network.layers()) {
      if (layer.as<operations::OperationLayer>() && layers) continue;  // no layer in Keras 3
      const std::string name = stored_name(layer->class_name());
      int& number = of_name[name];
      add(*layer, list + '/' + (number > 0 ? name + '_' + std::to_string(number) : name));
      number += !layers && !layer->weights().empty() ? 2 : 1;
    }
  }

  Listing listing_;
  std::unordered_set<const Layer*> known_;
};

// The order in which Keras keeps a layer's own weights: those that are trained first.
std::vector<Variable> own_variables(const Layer& layer) {
  std::vector<Variable> variables;
  for (const layers::Weight& weight : layer.own_weights()) variables.push_back(weight.variable);
  std::stable_partition(variables.begin(), variables.end(), [](const Variable& v) { return v.trainable(); });
  return variables;
}

constexpr const char* kSeedGenerator = "seed_generator";

// By number, as far as the name is one.
std::optional<std::size_t> number_of(const std::string& name) {
  std::size_t number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  return read.ec == std::errc() && read.ptr == name.data() + name.size() ? std::optional(number) : std::nullopt;
}

void write_variables(io::hdf5::Writer::Group group, const std::vector<Variable>& variables) {
  for (std::size_t i = 0; i < variables.size(); ++i) {
    auto dataset = group.dataset(std::to_string(i), as_stored(variables[i].value()));
    if (variables[i].dtype() == graph::bfloat16) dataset.text("dtype", "bfloat16");
  }
}

io::hdf5::Writer::Group write_place(io::hdf5::Writer::Group& root, const std::string& place, const std::string& name,
                                    const std::vector<Variable>& variables) {
  auto group = root.group(below(place, "vars"));
  if (!name.empty()) group.text("name", name);
  write_variables(group, variables);
  return group;
}

}  // namespace

std::vector<PlacedLayer> placed_layers(const models::Network& network, Listing listing) {
  Placing placing(listing);
  placing.add(network, "");
  return std::move(placing.placed);
}

void write_layer_store(io::hdf5::Writer::Group root, const models::Network& network, bool with_optimizer) {
  for (const auto& [layer, place] : placed_layers(network)) {
    auto group = write_place(root, place, layer->name(), own_variables(*layer));
    if (const Variable random = layers::internal::own_random_state(*layer); random.defined())
      write_place(root, below(place, kSeedGenerator), kSeedGenerator, {random});
    if (const auto* keeping = dynamic_cast<const PreprocessingLayer*>(layer)) {
      const std::string twice = keeping->kept_twice();
      for (const auto& [name, array] : keeping->kept().arrays) {
        group.dataset(name, array);
        if (!twice.empty()) root.dataset(below(place, twice + "/vars/" + name), array);
      }
    }
  }
  if (!with_optimizer || !network.training()) return;
  const optimizers::Optimizer& optimizer = *network.training()->optimizer();
  if (!holds_state_of(optimizer, network)) return;
  write_place(root, "optimizer", optimizer.base().name, variables_of_training(optimizer, network));
  const optimizers::Optimizer& inner = optimizer.stepping();
  if (&inner != &optimizer)
    write_place(root, "optimizer/inner_optimizer", inner.base().name, variables_of_training(inner, network));
}

bool LayerStore::is_one(const Group& root) {
  if (root.is_group("layers") || root.is_group("_layer_checkpoint_dependencies") || root.is_group("vars")) return true;
  const auto names = root.children();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name.starts_with("layers\\") || name.starts_with("_layer_checkpoint_dependencies\\");
  });
}

LayerStore::LayerStore(const Group& root) : where_(root.path()) { list(root, "", 0); }

void LayerStore::list(const Group& group, const std::string& path, int depth) {
  constexpr int kDeepest = 24;
  constexpr std::int64_t kMostParts = 100'000;
  require<FormatError>(depth <= kDeepest, group.path(), ": groups are nested more than ", kDeepest, " deep");
  for (const std::string& name : group.children()) {
    require<FormatError>(++parts_ <= kMostParts, where_, ": more than ", kMostParts, " groups and datasets");
    if (!group.has(name)) continue;  // a link to nothing
    if (group.is_group(name)) {
      // Keras 2.12 and 2.13 on Windows name groups by paths with backslashes.
      std::string part = name;
      std::replace(part.begin(), part.end(), '\\', '/');
      list(group.group(name), below(path, part), depth + 1);
    } else if (path == "vars" || path.ends_with("/vars")) {
      const Dataset dataset = group.at(name);
      elements_ += dataset.spec().shape.elements();
      groups_[path == "vars" ? "" : path.substr(0, path.size() - 5)].emplace(name, dataset);
    }
  }
}

const LayerStore::Variables& LayerStore::variables_in(const std::string& place) const {
  static const Variables none;
  const auto found = groups_.find(place);
  return found == groups_.end() ? none : found->second;
}

std::vector<Dataset> LayerStore::numbered_in(const std::string& place) const {
  std::map<std::size_t, Dataset> numbered;
  for (const auto& [name, dataset] : variables_in(place))
    if (const auto number = number_of(name)) numbered.emplace(*number, dataset);
  std::vector<Dataset> list;
  for (auto& [number, dataset] : numbered) list.push_back(std::move(dataset));
  return list;
}

std::vector<PlacedLayer> LayerStore::placed(const models::Network& network) const {
  constexpr std::string_view kOlder = "_layer_checkpoint_dependencies/";
  const bool older =
      std::any_of(groups_.begin(), groups_.end(), [&](const auto& entry) { return entry.first.starts_with(kOlder); });
  auto list = placed_layers(network, older ? Listing::checkpoint_dependencies : Listing::layers);
  // Attributes that are private in one version of Keras are not in another.
  for (PlacedLayer& entry : list) {
    if (groups_.contains(entry.place) || own_variables(*entry.layer).empty()) continue;
    const auto last = entry.place.rfind('/') + 1;
    const std::string folder = entry.place.substr(0, last), name = entry.place.substr(last);
    std::string other = folder + (name.starts_with('_') ? name.substr(1) : '_' + name);
    if (groups_.contains(other)) entry.place = std::move(other);
  }
  return list;
}

LayerStore::Values LayerStore::values_for(const models::Network& network, const LoadWeightsConfig& config) const {
  require<ValueError>(
      !config.by_name,
      "by_name needs a file that holds weights by their names, as Keras 2's .h5: this one numbers them");
  std::vector<std::pair<Variable, Dataset>> found;
  for (const auto& [layer, place] : placed(network)) {
    const auto mismatch = [&, layer = layer](const auto&... parts) {
      const std::string text = graph::message('[', layer->class_name(), " \"", layer->name(), "\"] ", parts...);
      if (!config.skip_mismatch) throw FormatError(text);
      utils::warn(text + ": left out");
    };
    const auto variables = own_variables(*layer);
    const auto stored = numbered_in(place);
    const bool random = layers::internal::own_random_state(*layer).defined();
    if (variables.size() != stored.size()) {
      // Other versions of Keras keep here what is the config's, or random numbers of theirs.
      if (!variables.empty() || !(random || dynamic_cast<const PreprocessingLayer*>(layer)))
        mismatch("expected ", variables.size(), " weights, the file holds ", stored.size(), " in ",
                 below(place, "vars"));
      continue;
    }
    for (std::size_t i = 0; i < stored.size(); ++i) {
      if (variables[i].shape() == stored[i].spec().shape)
        found.emplace_back(variables[i], stored[i]);
      else
        mismatch("expected shape ", variables[i].shape(), " for weight '", variables[i].name(), "', the file holds ",
                 stored[i].spec().shape, " in ", stored[i].path());
    }
    if (!random) continue;
    const Variable state = layers::internal::own_random_state(*layer);
    const auto generator = numbered_in(below(place, kSeedGenerator));
    if (generator.size() == 1 && generator[0].spec().shape == state.shape() &&
        graph::is_integer(generator[0].spec().dtype))
      found.emplace_back(state, generator[0]);
  }
  Values values;
  for (const auto& [variable, dataset] : found) values.emplace_back(variable, dataset.read().astype(variable.dtype()));
  return values;
}

LayerStore::Values LayerStore::optimizer_values(const models::Network& network,
                                                std::optional<KerasVersion> written_by) const {
  if (!network.training() || !network.built()) return {};
  std::vector<std::pair<std::string, Dataset>> stored;
  for (const Dataset& dataset : numbered_in("optimizer")) stored.emplace_back(dataset.path(), dataset);
  if (stored.empty()) return {};
  const auto& optimizer = network.training()->optimizer();
  if (!optimizer->built()) optimizer->build(network.trainable_weights());
  const auto expected = [&](KerasVersion version) { return optimizer_state_size(*optimizer, version, stored.size()); };
  if (!written_by) {
    // Keras 3 has the rate, a number, where Keras 2 has the first slot.
    const bool has_rate = stored.size() > 1 && stored[1].second.spec().shape.rank() == 0;
    const bool as_keras2 = expected(KerasVersion::keras2) == stored.size(),
               as_keras3 = expected(KerasVersion::keras3) == stored.size();
    written_by = as_keras2 && !(as_keras3 && has_rate) ? KerasVersion::keras2 : KerasVersion::keras3;
  }
  if (expected(*written_by) != stored.size()) {
    utils::warn(graph::message(optimizer->described(), " begins anew: it has ", expected(*written_by),
                               " variables, the file holds ", stored.size()));
    return {};
  }
  return read_optimizer_state("optimizer/vars", stored, *optimizer, *written_by);
}

void LayerStore::restore_kept(const models::Network& network, const std::map<std::string, std::string>& assets) const {
  for (const auto& [layer, place] : placed(network)) {
    auto* keeping = dynamic_cast<PreprocessingLayer*>(const_cast<Layer*>(layer));
    if (keeping == nullptr) continue;
    PreprocessingLayer::Kept kept;
    std::vector<std::string> places = {place};
    if (const std::string twice = keeping->kept_twice(); !twice.empty()) places.push_back(below(place, twice));
    for (const std::string& from : places) {
      for (const auto& [name, dataset] : variables_in(from))
        if (!number_of(name)) kept.arrays.emplace(name, dataset.read());
      const std::string folder = from + '/';
      for (const auto& [path, text] : assets)
        if (path.starts_with(folder) && path.find('/', folder.size()) == std::string::npos)
          kept.assets.emplace(path.substr(folder.size()), text);
    }
    if (!kept.arrays.empty() || !kept.assets.empty()) keeping->restore(kept);
  }
}

}  // namespace cornu::keras::saving::internal
