#include "cornu/keras/saving/internal/model_config.h"

#include <algorithm>

#include "cornu/keras/layers/internal/weight_allowance.h"
#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"
#include "cornu/keras/saving/internal/keras2_config.h"

namespace cornu::keras::saving::internal {

using graph::require;
using models::Network;

namespace {

// What a model was built for: the config of a class of one's own does not say it, nor that of a row without an input. A
// shape, or a list of them.
Json build_config(const Network& network) {
  Json shapes = Json::array();
  for (const Shape& input : network.input_shapes()) {
    Json shape = Json::array();
    for (const std::int64_t length : input) shape.push_back(length == graph::kUnknown ? Json(nullptr) : Json(length));
    shapes.push_back(std::move(shape));
  }
  return {{"input_shape", shapes.size() == 1 ? shapes.front() : shapes}};
}

void build_as(const Json& json, Network& network) {
  const auto config = json.find("build_config");
  if (config == json.end() || !config->is_object() || !config->contains("input_shape")) return;
  const Json& given = (*config)["input_shape"];
  if (!given.is_array() || given.empty()) return;
  graph::Specs specs;
  const bool several = given.front().is_array();
  for (const Json& shape : several ? given : Json::array({given})) {
    require<FormatError>(shape.is_array() && shape.size() <= static_cast<std::size_t>(Shape::kMaxRank),
                         "the model's config: build_config needs shapes, got ", shortened(given));
    Shape lengths;
    for (const Json& length : shape) {
      require<FormatError>(length.is_null() || (length.is_number_integer() && length.get<std::int64_t>() >= 0),
                           "the model's config: build_config needs lengths, got ", shortened(given));
      lengths = lengths.append(length.is_null() ? graph::kUnknown : length.get<std::int64_t>());
    }
    specs.push_back({graph::float32, lengths});
  }
  network.ensure_built_for(specs);
}

// What only Keras 3 writes: an input's shape by this name, policies as objects, tensors with a history.
bool looks_like_keras3(const Json& json) {
  if (json.is_object()) {
    if (json.contains("batch_shape")) return true;
    const auto kind = json.find("class_name");
    if (kind != json.end() && (*kind == "DTypePolicy" || *kind == "__keras_tensor__")) return true;
  }
  return json.is_structured() && std::any_of(json.begin(), json.end(), looks_like_keras3);
}

}  // namespace

Json model_config(const Network& network, KerasVersion version) {
  Json json = in_list(object_of(network, form_of(version)), form_of(version));
  if (network.form() == Network::Form::own && network.built()) json["build_config"] = build_config(network);
  return json;
}

Json model_json(const Network& network) {
  Json json = model_config(network, KerasVersion::keras3);
  if (network.built() && network.form() != Network::Form::own) {
    json["build_config"] = build_config(network);
    if (network.form() == Network::Form::graph) json["build_config"]["input_shape"] = nullptr;  // it builds itself
  }
  return json;
}

std::shared_ptr<Network> make_network(const Json& json, KerasVersion written_by) {
  require<FormatError>(json.is_object(), "the model's config needs to be a JSON object");
  const auto config = json.find("config");
  require<FormatError>(config != json.end() && !config->is_null(), "the model's config has no 'config'");
  if (config->is_array()) {  // before Keras 2.2.3 the layers alone
    Json wrapped = json;
    wrapped["config"] = {{"layers", *config}};
    return make_network(wrapped, written_by);
  }
  const Json now = from_older(json, written_by);
  auto network = make_object(layers::registry(), now, written_by).as<Network>();
  require<ValueError>(static_cast<bool>(network), "'", class_name_of(json, layers::registry(), written_by),
                      "' is a layer, not a model");
  if (!network->built()) build_as(json, *network);
  return network.pointer();
}

KerasVersion version_named(std::string_view version) {
  return version.starts_with('3') ? KerasVersion::keras3 : KerasVersion::keras2;
}

KerasVersion version_of_config(const Json& config) {
  return looks_like_keras3(config) ? KerasVersion::keras3 : KerasVersion::keras2;
}

std::string text_of_model(const Json& json, const Network& network) {
  try {
    return write_json(json, true);
  } catch (const nlohmann::json::exception& e) {
    throw ValueError(graph::message("model '", network.name(), "' cannot be saved: a name in it is not valid UTF-8 (",
                                    e.what(), ")"));
  }
}

std::shared_ptr<Network> make_network_within(std::int64_t elements, const Json& config, KerasVersion written_by) {
  // Some more than there are, so that what does not fit is told layer by layer.
  const layers::internal::WeightAllowance allowance(elements + (1 << 20));
  return make_network(config, written_by);
}

}  // namespace cornu::keras::saving::internal
