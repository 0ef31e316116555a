#include "cornu/keras/saving/internal/model_config.h"

#include <set>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/mixed_precision/policy_field.h"
#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using layers::Layer;
using models::Network;
using models::SequentialNetwork;

// How a config lists one of a model's layers: Keras 2's files hold the class and the config alone.
Json entry(Json object, KerasVersion version) {
  if (version == KerasVersion::keras3) return object;
  return Json{{"class_name", object["class_name"]}, {"config", std::move(object["config"])}};
}

Json layer_config(const Layer& layer, KerasVersion version) {
  if (const auto* network = dynamic_cast<const Network*>(&layer)) return model_config(*network, version);
  return entry(object_of(layer, form_of(version)), version);
}

// The input, from an InputLayer or from what the first layer was told.
Json input_config(const SequentialNetwork& network, KerasVersion version) {
  if (network.input_layer()) return layer_config(*network.input_layer(), version);
  const Shape& shape = network.declared_input().is_set() ? network.declared_input() : network.input_shape();
  if (!shape.is_set() || network.layers().empty()) return nullptr;
  const std::string name =
      version == KerasVersion::keras2 ? network.layers().front()->name() + "_input" : "input_layer";
  return layer_config(layers::InputLayer({.batch_shape = shape, .name = name}), version);
}

// Layers that are models themselves are known by their class.
Shared<Layer> make_layer(const Json& json, KerasVersion written_by) {
  const auto is_known = [](std::string_view name) { return name == "Sequential" || layers::registry().contains(name); };
  require<FormatError>(json.is_object(), "the model's config: a layer needs to be a JSON object");
  if (class_name_of(json, is_known, written_by) == "Sequential") return make_network(json, written_by);
  return make_object(layers::registry(), json, written_by);
}

const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Shape shape_of(const Json& list) {
  Shape shape;
  for (const Json& length : list) {
    require<FormatError>(length.is_null() || length.is_number_integer(),
                         "the model's config: build_input_shape needs to be a list of lengths");
    shape = shape.append(length.is_null() ? graph::kUnknown : length.get<std::int64_t>());
  }
  return shape;
}

}  // namespace

Json model_config(const Network& network, KerasVersion version) {
  const auto* sequential = dynamic_cast<const SequentialNetwork*>(&network);
  require<ValueError>(sequential != nullptr, "model '", network.name(),
                      "' cannot be saved: only a Sequential can, not a ", network.class_name());
  Json layers = Json::array();
  if (Json input = input_config(*sequential, version); !input.is_null()) layers.push_back(std::move(input));
  std::set<std::string> names;
  for (const auto& layer : network.layers()) {
    require<ValueError>(names.insert(layer->name()).second, "model '", network.name(), "' cannot be saved: layer '",
                        layer->name(), "' is in it twice, and Keras' Sequential takes each layer once");
    layers.push_back(layer_config(*layer, version));
  }
  Json config = {{"name", network.name()}};
  if (version == KerasVersion::keras3) {
    config["trainable"] = network.trainable();
    config["dtype"] = {{"module", "keras"},
                       {"class_name", "DTypePolicy"},
                       {"config", {{"name", network.dtype_policy().name()}}},
                       {"registered_name", nullptr}};
  }
  config["layers"] = std::move(layers);
  return entry(
      {{"module", "keras"}, {"class_name", "Sequential"}, {"config", std::move(config)}, {"registered_name", nullptr}},
      version);
}

std::shared_ptr<Network> make_network(const Json& json, KerasVersion written_by) {
  require<FormatError>(json.is_object(), "the model's config needs to be a JSON object");
  const std::string kind = class_name_of(
      json, [](std::string_view name) { return name == "Sequential"; }, written_by);
  require<ValueError>(kind == "Sequential", "unknown kind of model '", kind, "'; known: Sequential");
  const Json* config = find(json, "config");
  require<FormatError>(config != nullptr, "the model's config has no 'config'");
  // Before Keras 2.2.3 the layers alone.
  const Json* layers = config->is_array() ? config : config->is_object() ? find(*config, "layers") : nullptr;
  require<FormatError>(layers != nullptr && layers->is_array(), "the model's config has no list of layers");

  std::string name = "sequential";
  if (const Json* given = config->is_object() ? find(*config, "name") : nullptr) {
    require<FormatError>(given->is_string(), "the model's config: the name needs to be a text");
    name = given->get<std::string>();
  }
  auto network = std::make_shared<SequentialNetwork>(name);
  if (config->is_object()) {
    std::string dtype;
    JsonReader reader(kind, *config, written_by);
    mixed_precision::policy_field(reader, "dtype", dtype);
    if (!dtype.empty()) network->set_dtype_policy(dtype);
  }
  for (const Json& layer : *layers) network->add(make_layer(layer, written_by));
  if (const Json* shape = config->is_object() ? find(*config, "build_input_shape") : nullptr;
      shape && shape->is_array() && shape->size() <= static_cast<std::size_t>(Shape::kMaxRank) && !network->built() &&
      !network->layers().empty())
    network->ensure_built(shape_of(*shape));
  return network;
}

}  // namespace cornu::keras::saving::internal
