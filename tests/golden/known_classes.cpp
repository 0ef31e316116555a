#include "tests/golden/known_classes.h"

#include <cornu/cornu.h>
#include <cornu/keras/operations/operation.h>

namespace cornu::golden {
namespace {

using keras::AnyRegistry;
using nlohmann::json;

// The kind of the object that an argument of this name holds; null for any other argument.
const AnyRegistry* kind_of_argument(std::string_view name) {
  if (name == "layers" || name == "layer" || name == "backward_layer" || name == "cell" || name == "cells")
    return &keras::layers::registry();
  if (name == "optimizer" || name == "optimizer_config") return &keras::optimizers::registry();
  if (name == "loss") return &keras::losses::registry();
  if (name == "metrics" || name == "weighted_metrics") return &keras::metrics::registry();
  if (name.ends_with("activation")) return &keras::activations::registry();
  if (name.ends_with("initializer")) return &keras::initializers::registry();
  if (name.ends_with("regularizer")) return &keras::regularizers::registry();
  if (name.ends_with("constraint")) return &keras::constraints::registry();
  if (name == "learning_rate") return &keras::schedules::registry();
  return nullptr;
}

// Of functions and classes of a program's own the module says nothing.
const AnyRegistry* kind_of_module(std::string_view module) {
  const AnyRegistry* all[] = {
      &keras::layers::registry(),       &keras::optimizers::registry(),  &keras::losses::registry(),
      &keras::metrics::registry(),      &keras::activations::registry(), &keras::initializers::registry(),
      &keras::regularizers::registry(), &keras::constraints::registry(), &keras::schedules::registry()};
  for (const AnyRegistry* registry : all)
    if (registry->form().module == module) return registry;
  if (module == "keras" || module.starts_with("keras.src.models")) return &keras::layers::registry();
  return nullptr;
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool is_known(const std::string& name, const AnyRegistry& registry) {
  const auto known = [&](const std::string& n) { return registry.contains(n) || registry.find_keras2(n) != nullptr; };
  if (known(name)) return true;
  const bool legacy =
      &registry == &keras::optimizers::registry() && keras::optimizers::legacy::registry().contains(name);
  const auto package = name.rfind('>');  // "Custom>Adam"
  return legacy || (package != std::string::npos && known(name.substr(package + 1)));
}

std::string checked(const std::string& name, const AnyRegistry& registry) {
  return is_known(name, registry) ? std::string() : registry.kind() + ' ' + name;
}

std::string find(const json& value, const AnyRegistry* registry);

std::string find_in_members(const json& members, const AnyRegistry* otherwise) {
  for (const auto& [name, value] : members.items()) {
    // How a layer is called, and what is remembered of its making, names no other class than the layers around it.
    if (name == "inbound_nodes" || name == "build_config" || name == "compile_config" || name == "dtype") continue;
    const AnyRegistry* kind = kind_of_argument(name);
    if (std::string found = find(value, kind ? kind : otherwise); !found.empty()) return found;
  }
  return {};
}

// An operation in a graph of layers: Keras 3 has a class for each, of which .h5 files do not say the module; Keras 2
// has a layer that names TensorFlow's function.
std::optional<std::string> find_operation(const std::string& name, const std::string& module, const json& object) {
  const json config = object.value("config", json());
  if (name == "TFOpLambda") {
    const std::string function = text(config, "function");
    return keras::operations::find_keras2(function) ? std::string() : "operation " + function;
  }
  const json nodes = object.value("inbound_nodes", json::array());
  const bool without_module = module.empty() && !nodes.empty() && nodes.front().is_object() &&
                              !config.contains("trainable") && !keras::layers::registry().contains(name);
  if (!without_module && !module.starts_with("keras.src.ops") && !module.starts_with("keras.ops")) return std::nullopt;
  return keras::operations::find(name) ? std::string() : "operation " + name;
}

std::string find_in_object(const json& object, const AnyRegistry* registry) {
  const std::string name = text(object, "class_name"), module = text(object, "module");
  const json config = object.value("config", json());
  if (auto found = find_operation(name, module, object)) return *found;
  if (name.starts_with("__")) return find(config, nullptr);  // a tuple, a tensor
  if (const AnyRegistry* kind = kind_of_module(module)) registry = kind;
  if (registry && name == "function" && config.is_string()) return checked(config.get<std::string>(), *registry);
  if (registry && name == registry->form().wrapper)
    return find(config.value(std::string(registry->form().wrapper_argument), json()), registry);
  if (registry)
    if (std::string found = checked(name, *registry); !found.empty()) return found;
  return config.is_object() ? find_in_members(config, nullptr) : find(config, nullptr);
}

std::string find(const json& value, const AnyRegistry* registry) {
  if (value.is_string()) return registry && value != "" ? checked(value.get<std::string>(), *registry) : std::string();
  if (value.is_array()) {
    for (const json& entry : value)
      if (std::string found = find(entry, registry); !found.empty()) return found;
    return {};
  }
  if (!value.is_object()) return {};
  // An object without a class holds some by the outputs' names.
  return value.contains("class_name") ? find_in_object(value, registry) : find_in_members(value, registry);
}

}  // namespace

std::string unknown_class(const json& object, const AnyRegistry& registry) { return find(object, &registry); }
std::string unknown_class_of_compile(const json& arguments) { return find(arguments, nullptr); }

}  // namespace cornu::golden
