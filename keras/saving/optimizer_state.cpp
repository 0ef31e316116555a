#include "cornu/keras/saving/internal/optimizer_state.h"

#include <algorithm>

#include "cornu/keras/saving/internal/keras2_objects.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras::saving::internal {

using graph::require;

namespace {

// The name in a slot's, "m/dense/kernel", is unique in a layer's model, not in a model of models.
std::string name_in_file(const optimizers::Optimizer::Slot& slot, const std::vector<NamedWeight>& trained) {
  if (!slot.owner.defined()) return slot.name;
  const std::string owner = slot.owner.name();
  for (const auto& [weight, name] : trained) {
    std::string path = slot.name;
    if (weight == slot.owner) return path.replace(path.find(owner), owner.size(), name);
  }
  return slot.name;
}

std::vector<NamedWeight> trained_weights(const models::Network& network) {
  std::vector<NamedWeight> trained;
  const auto all = network.trainable_weights();
  for (const auto& layer : network.layers())
    for (auto& weight : weights_in_file_order(*layer))
      if (std::find(all.begin(), all.end(), weight.variable) != all.end()) trained.push_back(std::move(weight));
  return trained;
}

// What a file has of an optimizer: where a value goes, undefined for what is there but not used, and its shape.
struct Wanted {
  Variable variable;
  graph::Shape shape;
};

std::vector<Wanted> wanted_of(const optimizers::Optimizer& optimizer, KerasVersion written_by) {
  std::vector<Wanted> wanted;
  if (written_by == KerasVersion::keras3) {
    for (const Variable& variable : optimizer.variables()) wanted.push_back({variable, variable.shape()});
    return wanted;
  }
  wanted.push_back({optimizer.stepping().variables().front(), {}});
  for (const auto& slot : optimizer.slots())
    wanted.push_back({slot.slot, slot.slot.defined() ? slot.slot.shape() : slot.owner.shape()});
  return wanted;
}

}  // namespace

void write_optimizer_state(io::hdf5::Writer::Group root, const optimizers::Optimizer& of,
                           const models::Network& network) {
  const optimizers::Optimizer& optimizer = of.stepping();
  if (!holds_state_of(of, network)) return;
  const auto& slots = optimizer.slots();
  const std::vector<NamedWeight> trained = trained_weights(network);
  const auto is_trained = [&](const Variable& owner) {
    return !owner.defined() ||
           std::any_of(trained.begin(), trained.end(), [&](const auto& w) { return w.variable == owner; });
  };

  const bool legacy = optimizer.base().legacy_decay.has_value();
  const std::string scope = keras2_optimizer_name(optimizer) + "/";
  std::vector<std::string> names = {legacy ? scope + "iter:0" : "iteration:0"};
  auto group = root.group("optimizer_weights");
  group.dataset(names.back(), optimizer.variables().front().value());
  for (const auto& slot : slots) {
    if (!is_trained(slot.owner)) continue;
    names.push_back(scope + name_in_file(slot, trained) + ":0");
    group.dataset(names.back(), slot.slot.defined() ? as_stored(slot.slot.value()) : graph::zeros(slot.owner.shape()));
  }
  group.texts("weight_names", names);
}

bool holds_state_of(const optimizers::Optimizer& optimizer, const models::Network& network) {
  if (!optimizer.stepping().built()) return false;
  const auto& slots = optimizer.slots();
  const auto has_slot = [&](const NamedWeight& w) {
    return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) { return slot.owner == w.variable; });
  };
  const auto trained = trained_weights(network);
  return slots.empty() || std::all_of(trained.begin(), trained.end(), has_slot);
}

std::vector<Variable> variables_of_training(const optimizers::Optimizer& optimizer, const models::Network& network) {
  const auto trained = network.trainable_weights();
  std::vector<Variable> variables = optimizer.variables();
  for (const auto& slot : optimizer.slots())
    if (slot.owner.defined() && std::find(trained.begin(), trained.end(), slot.owner) == trained.end())
      std::erase(variables, slot.slot);
  return variables;
}

std::size_t optimizer_state_size(const optimizers::Optimizer& optimizer, KerasVersion written_by, std::size_t stored) {
  const std::size_t before_slots = written_by == KerasVersion::keras3 && !optimizer.schedule() ? 2 : 1;
  const std::size_t all = wanted_of(optimizer, written_by).size();
  return stored == std::min(before_slots, all) ? stored : all;
}

std::vector<std::pair<Variable, Array>> read_optimizer_state(
    const std::string& where, const std::vector<std::pair<std::string, io::hdf5::Dataset>>& stored,
    const optimizers::Optimizer& optimizer, KerasVersion written_by) {
  std::vector<Wanted> wanted = wanted_of(optimizer, written_by);
  wanted.resize(optimizer_state_size(optimizer, written_by, stored.size()));
  require<FormatError>(stored.size() == wanted.size(), where, ": expected ", wanted.size(),
                       " weights of the optimizer ", optimizer.class_name(), ", the file holds ", stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const Shape shape = stored[i].second.spec().shape;
    require<FormatError>(shape == wanted[i].shape, where, ": expected shape ", wanted[i].shape, " for '",
                         stored[i].first, "', the file holds ", shape);
  }
  std::vector<std::pair<Variable, Array>> values;
  for (std::size_t i = 0; i < stored.size(); ++i)
    if (const Variable& variable = wanted[i].variable; variable.defined())
      values.emplace_back(variable, stored[i].second.read().astype(variable.dtype()));
  if (!values.empty()) {
    const auto steps = values.front().second.item<std::int64_t>();
    require<FormatError>(steps >= 0, where, ": the optimizer cannot have made ", steps, " steps");
  }
  return values;
}

}  // namespace cornu::keras::saving::internal
