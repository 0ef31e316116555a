#include "cornu/keras/saving/internal/model_config.h"

#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::saving::internal {

using graph::require;
using models::Network;

namespace {

// What a class of one's own was built for: its config does not say it. A shape, or a list of them.
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

}  // namespace

Json model_config(const Network& network, KerasVersion version) {
  Json json = in_list(object_of(network, form_of(version)), form_of(version));
  if (network.form() == Network::Form::own && network.built()) json["build_config"] = build_config(network);
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
  const std::string kind = class_name_of(json, layers::registry(), written_by);
  require<ValueError>(layers::registry().contains(kind), "unknown kind of model '", kind,
                      "'; known: Sequential, Functional, and classes that the program registers");
  auto network = make_object(layers::registry(), json, written_by).as<Network>();
  require<ValueError>(static_cast<bool>(network), "'", kind, "' is a layer, not a model");
  if (network->form() == Network::Form::own && !network->built()) build_as(json, *network);
  return network.pointer();
}

}  // namespace cornu::keras::saving::internal
