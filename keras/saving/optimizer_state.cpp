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

}  // namespace

void write_optimizer_state(io::hdf5::Writer::Group root, const optimizers::Optimizer& of,
                           const models::Network& network) {
  const optimizers::Optimizer& optimizer = of.stepping();
  if (!optimizer.built()) return;
  const auto& slots = optimizer.slots();
  std::vector<NamedWeight> trained;
  const auto all = network.trainable_weights();
  for (const auto& layer : network.layers())
    for (auto& weight : weights_in_file_order(*layer))
      if (std::find(all.begin(), all.end(), weight.variable) != all.end()) trained.push_back(std::move(weight));
  const auto has_slot = [&](const NamedWeight& w) {
    return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) { return slot.owner == w.variable; });
  };
  const auto is_trained = [&](const Variable& owner) {
    return !owner.defined() ||
           std::any_of(trained.begin(), trained.end(), [&](const auto& w) { return w.variable == owner; });
  };
  // For other weights than are trained now it is not the state of this training.
  if (!slots.empty() && !std::all_of(trained.begin(), trained.end(), has_slot)) return;

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

std::vector<std::pair<Variable, Array>> read_optimizer_state(const io::hdf5::Group& group,
                                                             const optimizers::Optimizer& optimizer,
                                                             KerasVersion written_by) {
  const std::vector<std::string> names = group.texts("weight_names");
  const auto variables = (written_by == KerasVersion::keras3 ? optimizer : optimizer.stepping()).variables();
  std::vector<Variable> wanted;  // undefined: what is there but not used
  std::vector<graph::Shape> shapes;
  const auto want = [&](const Variable& variable, const graph::Shape& shape) {
    wanted.push_back(variable), shapes.push_back(shape);
  };
  if (written_by == KerasVersion::keras3) {
    for (const Variable& variable : variables) want(variable, variable.shape());
  } else {
    want(variables.front(), {});
    for (const auto& slot : optimizer.slots())
      want(slot.slot, slot.slot.defined() ? slot.slot.shape() : slot.owner.shape());
  }
  // Saved before the first step, the file has no slots.
  const std::size_t before_slots = written_by == KerasVersion::keras3 && !optimizer.schedule() ? 2 : 1;
  if (names.size() == std::min(before_slots, wanted.size())) wanted.resize(names.size());
  require<FormatError>(names.size() == wanted.size(), group.path(), ": expected ", wanted.size(),
                       " weights of the optimizer ", optimizer.class_name(), ", the file holds ", names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Shape shape = group.dataset_spec(names[i]).shape;
    require<FormatError>(shape == shapes[i], group.path(), ": expected shape ", shapes[i], " for '", names[i],
                         "', the file holds ", shape);
  }
  std::vector<std::pair<Variable, Array>> values;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (wanted[i].defined()) values.emplace_back(wanted[i], group.dataset(names[i]).astype(wanted[i].dtype()));
  if (!values.empty()) {
    const auto steps = values.front().second.item<std::int64_t>();
    require<FormatError>(steps >= 0, group.path(), ": the optimizer cannot have made ", steps, " steps");
  }
  return values;
}

}  // namespace cornu::keras::saving::internal
