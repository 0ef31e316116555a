#include "cornu/keras/saving/internal/optimizer_state.h"

#include <algorithm>

#include "cornu/keras/saving/internal/keras2_objects.h"

namespace cornu::keras::saving::internal {

using graph::require;

void write_optimizer_state(io::hdf5::Writer::Group root, const optimizers::Optimizer& optimizer, const models::Network& network) {
  if (!optimizer.built()) return;
  const auto& slots = optimizer.slots();
  const auto trained = network.trainable_weights();
  const auto owns = [&](const Variable& weight) { return std::any_of(slots.begin(), slots.end(), [&](const auto& slot) { return slot.owner == weight; }); };
  // Weights that training began with and does not change any more: their slots would be taken for those of others.
  const auto is_trained = [&](const Variable& weight) { return std::find(trained.begin(), trained.end(), weight) != trained.end(); };
  if (!slots.empty() && !std::all_of(trained.begin(), trained.end(), owns)) return;

  const bool legacy = optimizer.base().legacy_decay.has_value();
  const std::string scope = keras2_optimizer_name(optimizer) + "/";
  std::vector<std::string> names = {legacy ? scope + "iter:0" : "iteration:0"};
  auto group = root.group("optimizer_weights");
  group.dataset(names.back(), optimizer.variables().front().value());
  for (const auto& slot : slots) {
    if (!is_trained(slot.owner)) continue;
    names.push_back(scope + slot.name + ":0");
    group.dataset(names.back(), slot.slot.defined() ? slot.slot.value() : graph::zeros(slot.owner.shape(), slot.owner.dtype()));
  }
  group.texts("weight_names", names);
}

std::vector<std::pair<Variable, Array>> read_optimizer_state(const io::hdf5::Group& group, const optimizers::Optimizer& optimizer, KerasVersion written_by) {
  const std::vector<std::string> names = group.texts("weight_names");
  const auto variables = optimizer.variables();
  std::vector<Variable> wanted;    // undefined: what is there but not used
  std::vector<graph::Shape> shapes;
  const auto want = [&](const Variable& variable, const graph::Shape& shape) { wanted.push_back(variable), shapes.push_back(shape); };
  if (written_by == KerasVersion::keras3) {
    for (const Variable& variable : variables) want(variable, variable.shape());
  } else {
    want(variables.front(), {});
    for (const auto& slot : optimizer.slots()) want(slot.slot, slot.owner.shape());
  }
  if (names.size() < 2) wanted.resize(std::min(wanted.size(), names.size()));  // saved before the first step
  require<FormatError>(names.size() == wanted.size(), group.path(), ": expected ", wanted.size(), " weights of the optimizer ", optimizer.class_name(),
                       ", the file holds ", names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Shape shape = group.dataset_spec(names[i]).shape;
    require<FormatError>(shape == shapes[i], group.path(), ": expected shape ", shapes[i], " for '", names[i], "', the file holds ", shape);
  }
  std::vector<std::pair<Variable, Array>> values;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (wanted[i].defined()) values.emplace_back(wanted[i], group.dataset(names[i]).astype(wanted[i].dtype()));
  return values;
}

}  // namespace cornu::keras::saving::internal
