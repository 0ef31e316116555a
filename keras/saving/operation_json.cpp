#include "cornu/keras/saving/internal/operation_json.h"

#include "cornu/graph/check.h"
#include "cornu/keras/operations/internal/key.h"
#include "cornu/keras/saving/internal/json_reader.h"

namespace cornu::keras::saving::internal {

using graph::FormatError;
using graph::require;
using graph::ValueError;
using operations::Literal;
using operations::Operation;
using operations::OperationLayer;

namespace {

constexpr const char *kFunctionLayer = "TFOpLambda", *kSlicingLayer = "SlicingOpLambda", *kConstant = "_CONSTANT_VALUE",
                     *kSlice = "__slice__", *kEllipsis = "__ellipsis__";

Json json_of(const Literal& literal) {
  return std::visit(
      [](const auto& value) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
          return nullptr;
        else
          return value;
      },
      literal);
}

Literal literal_of(const Json& json) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  require<FormatError>(json.is_array(),
                       "an operation's argument needs to be a tensor, a number, a text or a list, got ",
                       shortened(json));
  std::vector<std::int64_t> list;
  for (const Json& n : json) {
    require<FormatError>(n.is_number_integer() || n.is_null(), "an operation's list needs whole numbers, got ",
                         shortened(json));
    list.push_back(n.is_null() ? -1 : n.get<std::int64_t>());
  }
  return list;
}

// Items of x[…]: {"start": 1, "stop": null, "step": null}, in Keras 3 the config of a "__slice__"; numbers; null for a
// new axis.
Json json_of_key(const std::vector<std::int64_t>& numbers, bool keras3) {
  using Kind = ops::IndexItem::Kind;
  const auto or_null = [](const auto& number) { return number ? Json(*number) : Json(nullptr); };
  Json list = Json::array();
  for (const ops::IndexItem& item : operations::internal::key_of(numbers)) {
    Json slice = {{"start", or_null(item.start)}, {"stop", or_null(item.stop)}, {"step", or_null(item.step)}};
    if (item.kind == Kind::number)
      list.push_back(*item.start);
    else if (item.kind == Kind::new_axis)
      list.push_back(nullptr);
    else if (item.kind == Kind::ellipsis)
      list.push_back({{"class_name", kEllipsis}, {"config", Json::object()}});
    else
      list.push_back(keras3 ? Json{{"class_name", kSlice}, {"config", std::move(slice)}} : std::move(slice));
  }
  return list;
}

Literal key_of(const Json& json) {
  std::vector<ops::IndexItem> key;
  for (const Json& item : json.is_array() ? json : Json::array({json})) {
    if (item.is_number_integer()) {
      key.emplace_back(item.get<std::int64_t>());
      continue;
    }
    if (item.is_null()) {
      key.push_back(ops::IndexItem::new_axis());
      continue;
    }
    require<FormatError>(item.is_object(), "an index needs numbers and slices, got ", shortened(json));
    if (item.value("class_name", Json()) == kEllipsis) {
      key.push_back(ops::IndexItem::ellipsis());
      continue;
    }
    const Json& slice = item.contains("config") ? item["config"] : item;
    const auto part = [&](const char* name) -> std::optional<std::int64_t> {
      const Json value = slice.is_object() ? slice.value(name, Json()) : Json();
      if (value.is_null()) return std::nullopt;
      require<FormatError>(value.is_number_integer(), "a slice needs whole numbers, got ", shortened(item));
      return value.get<std::int64_t>();
    };
    key.push_back(ops::IndexItem::slice(part("start"), part("stop"), part("step")));
  }
  return operations::internal::numbers_of(key);
}

// All names of an operation's arguments, as they are here and as Keras 2 has them.
std::vector<std::string> names_here(const Operation& operation) {
  std::vector<std::string> names = operation.parameters;
  names.insert(names.end(), operation.config.begin(), operation.config.end());
  return names;
}
std::vector<std::string> names_in_keras2(const Operation& operation) {
  return operation.keras2_names.empty() ? names_here(operation) : operation.keras2_names;
}

// An argument of a call as JSON: a tensor's place or a literal.
Json argument(const OperationLayer& layer, const Use& use, const std::string& name,
              const std::function<Json(const KerasTensor&)>& tensor, bool keras3) {
  for (std::size_t i = 0; i < layer.tensors().size(); ++i)
    if (layer.tensors()[i] == name) return tensor(use.inputs[i]);
  const auto literal = layer.literals().find(name);
  if (literal == layer.literals().end()) return nullptr;
  const auto* numbers = std::get_if<std::vector<std::int64_t>>(&literal->second);
  return name == layer.operation().key && numbers ? json_of_key(*numbers, keras3) : json_of(literal->second);
}

Json write_keras3(const OperationLayer& layer, const Use& use, const std::function<Json(const KerasTensor&)>& tensor) {
  const Operation& operation = layer.operation();
  Json config = {{"name", layer.name()}};
  for (const std::string& name : operation.config) config[name] = argument(layer, use, name, tensor, true);
  Json args = Json::array();
  for (const std::string& name : operation.parameters) args.push_back(argument(layer, use, name, tensor, true));
  return {{"module", operation.module},
          {"class_name", operation.class_name},
          {"config", std::move(config)},
          {"registered_name", operation.class_name},
          {"name", layer.name()},
          {"inbound_nodes", Json::array({{{"args", std::move(args)}, {"kwargs", Json::object()}}})}};
}

Json write_keras2(const OperationLayer& layer, const Use& use, const std::function<Json(const KerasTensor&)>& tensor) {
  const Operation& operation = layer.operation();
  require<ValueError>(!operation.keras2.empty(), "layer '", layer.name(),
                      "' cannot be saved for Keras 2, which has no function for the operation '", operation.class_name,
                      "'");
  const std::vector<std::string> here = names_here(operation), there = names_in_keras2(operation);
  Json first = argument(layer, use, here.front(), tensor, false), kwargs = Json::object();
  for (std::size_t i = 1; i < here.size(); ++i) kwargs[there[i]] = argument(layer, use, here[i], tensor, false);
  if (operation.key.empty()) kwargs["name"] = nullptr;
  Json node = first.is_array() ? first : Json::array({kConstant, -1, first});
  node.push_back(std::move(kwargs));
  return {
      {"class_name", operation.key.empty() ? kFunctionLayer : kSlicingLayer},
      {"config", {{"name", layer.name()}, {"trainable", true}, {"dtype", "float32"}, {"function", operation.keras2}}},
      {"name", layer.name()},
      {"inbound_nodes", Json::array({std::move(node)})}};
}

std::string text_in(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

const Operation& operation_of(const Json& entry) {
  const std::string kind = text_in(entry, "class_name");
  const bool by_function = kind == kFunctionLayer || kind == kSlicingLayer;
  const std::string name = by_function ? text_in(config_in(entry), "function") : text_in(entry, "class_name");
  const Operation* operation = by_function ? operations::find_keras2(name) : operations::find(name);
  if (operation != nullptr) return *operation;
  std::string known;
  for (const std::string& other : operations::class_names()) known += (known.empty() ? "" : ", ") + other;
  throw ValueError(
      graph::message("layer '", text_in(entry, "name"), "': unknown operation '", name, "'; known: ", known));
}

}  // namespace

Json write_operation(const OperationLayer& layer, const Use& use, Form form,
                     const std::function<Json(const KerasTensor&)>& tensor) {
  return form == Form::keras2 ? write_keras2(layer, use, tensor) : write_keras3(layer, use, tensor);
}

bool is_operation(const Json& entry) {
  const std::string name = text_in(entry, "class_name"), module = text_in(entry, "module");
  if (name == kFunctionLayer || name == kSlicingLayer) return true;
  // What joins a list of tensors is a layer here.
  if (module.starts_with("keras.src.ops") || module.starts_with("keras.ops"))
    return operations::find(name) != nullptr || !layers::registry().contains(name);
  // A .h5 file of Keras 3 says no module: "Multiply" is the layer or the operation. All layers that take tensors have
  // "trainable" in their config.
  const auto nodes = entry.is_object() ? entry.find("inbound_nodes") : entry.end();
  const bool of_keras3 = nodes != entry.end() && nodes->is_array() && !nodes->empty() && nodes->front().is_object();
  if (!of_keras3 || !nodes->front().contains("args")) return false;
  const Json& args = nodes->front()["args"];
  const bool takes_list = args.is_array() && !args.empty() && args.front().is_array();  // as merging layers alone do
  return !takes_list && module.empty() && !config_in(entry).contains("trainable") && operations::find(name) != nullptr;
}

KerasTensor read_operation(const Json& entry, const Json& node, const std::function<KerasTensor(const Json&)>& tensor) {
  const Operation& operation = operation_of(entry);
  const std::vector<std::string> here = names_here(operation);
  std::vector<operations::NamedArgument> arguments;
  const auto add = [&](const std::string& name, const Json& value) {
    if (const KerasTensor found = tensor(value); found.defined())
      arguments.emplace_back(name, found);
    else
      arguments.emplace_back(name, name == operation.key ? key_of(value) : literal_of(value));
  };
  const std::string who = graph::message("layer '", text_in(entry, "name"), "': ");
  const auto add_named = [&](const Json& values, const std::vector<std::string>& names) {
    for (const auto& [key, value] : values.items()) {
      const auto at = std::find(names.begin(), names.end(), key);
      if (at != names.end())
        add(here[static_cast<std::size_t>(at - names.begin())], value);
      else
        require<ValueError>(value.is_null() || key == "name", who, "operation '", operation.class_name,
                            "' has no argument '", key, "'");
    }
  };
  if (node.is_object()) {  // Keras 3
    const auto args = node.find("args"), kwargs = node.find("kwargs");
    if (args != node.end() && args->is_array()) {
      require<ValueError>(args->size() <= here.size(), who, "operation '", operation.class_name, "' takes ",
                          here.size(), " arguments, got ", args->size());
      for (std::size_t i = 0; i < args->size(); ++i) add(here[i], (*args)[i]);
    }
    if (kwargs != node.end() && kwargs->is_object()) add_named(*kwargs, here);
    add_named(config_in(entry), here);
  } else {  // ["layer", 0, 0, {"y": 0.5}], or a constant in the first place
    const Json& call = node.is_array() && node.size() == 1 && node[0].is_array() ? node[0] : node;
    require<FormatError>(call.is_array() && call.size() >= 3 && call[0].is_string(), who,
                         "an inbound node needs a layer, a node and a tensor, got ", shortened(node));
    if (call[0] == kConstant)
      add(here.front(), call[2]);
    else
      add(here.front(), Json::array({call[0], call[1], call[2]}));
    if (call.size() > 3 && call[3].is_object()) add_named(call[3], names_in_keras2(operation));
  }
  return operations::apply(operation.class_name, arguments);
}

}  // namespace cornu::keras::saving::internal
