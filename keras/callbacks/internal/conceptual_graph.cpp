// For `keras_model_to_graph_def` of tensorboard/plugins/graph/keras_util.py.
#include "cornu/keras/callbacks/internal/conceptual_graph.h"

#include "cornu/keras/saving/internal/json_text.h"

namespace cornu::keras::callbacks::internal {

namespace {

using saving::internal::Json;

bool is_tensor(const Json& json) {
  return json.is_object() && json.contains("config") && json["config"].contains("keras_history");
}

void add_tensors(const Json& json, Json& list) {
  if (is_tensor(json)) return list.push_back(json);
  if (!json.is_structured()) return;
  for (const Json& part : json) add_tensors(part, list);
}

void keep_tensors(Json& node) {
  if (!node.is_object()) return;
  Json tensors = Json::array();
  for (const char* part : {"args", "kwargs"})
    if (node.contains(part)) add_tensors(node[part], tensors);
  node["args"] = std::move(tensors);
  node["kwargs"] = Json::object();
}

// Places ["x", 0, 0]: a single one, a list, or by name.
Json listed(const Json& places) {
  if (places.is_array() && !places.empty() && places[0].is_string()) return Json::array({places});
  Json list = Json::array();
  for (const Json& place : places) list.push_back(place);
  return list;
}

void rewrite(Json& layer) {
  if (layer.contains("inbound_nodes"))
    for (Json& node : layer["inbound_nodes"]) keep_tensors(node);
  if (!layer.contains("config") || !layer["config"].is_object() || !layer["config"].contains("layers")) return;
  Json& config = layer["config"];
  if (config.contains("input_layers")) {
    Json names = Json::array();
    for (const Json& place : listed(config["input_layers"])) names.push_back(place.at(0));
    config["input_layers"] = std::move(names);
  }
  if (config.contains("output_layers")) config["output_layers"] = listed(config["output_layers"]);
  for (Json& inner : config["layers"]) rewrite(inner);
}

}  // namespace

std::string conceptual_graph(const std::string& model_json) {
  Json model = saving::internal::parse_json(model_json, "TensorBoard: the model's config");
  rewrite(model);
  return saving::internal::write_json(model);
}

}  // namespace cornu::keras::callbacks::internal
