// Model's to_json and model_from_json.
#include <algorithm>

#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/json_writer.h"
#include "cornu/keras/saving/internal/keras1.h"
#include "cornu/keras/saving/internal/model_config.h"

namespace cornu::keras::models {
namespace {

// What Keras 3 calls batch_shape.
bool has_word_of_keras2(const saving::internal::Json& json) {
  return json.is_structured() && ((json.is_object() && json.contains("batch_input_shape")) ||
                                  std::any_of(json.begin(), json.end(), has_word_of_keras2));
}

}  // namespace

std::string Model::to_json() const { return saving::internal::write_json(saving::internal::model_json(*network_)); }

std::string Model::get_config() const {
  return saving::internal::write_json(
      saving::internal::model_config(*network_, saving::KerasVersion::keras3).at("config"));
}

Model Model::from_config(std::string_view text, const saving::CustomObjects& custom_objects) {
  const saving::CustomObjectScope scope(custom_objects);
  auto config = saving::internal::parse_json(std::string(text), "Model::from_config");
  graph::require<graph::FormatError>(config.is_object() && config.contains("layers"),
                                     "Model::from_config: expected a config with layers, got ",
                                     saving::internal::shortened(config));
  const char* kind = config.contains("input_layers") ? "Functional" : "Sequential";
  const auto version = saving::internal::version_of_config(config);
  return Model(saving::internal::make_network({{"class_name", kind}, {"config", std::move(config)}}, version));
}

Model model_from_json(std::string_view text, const saving::CustomObjects& custom_objects) {
  const saving::CustomObjectScope scope(custom_objects);
  auto json = saving::internal::parse_json(std::string(text), "model_from_json");
  // The to_json of Keras 1 and 2 says its version, that of Keras 3 does not.
  const auto said = json.is_object() ? json.find("keras_version") : json.end();
  const std::string version =
      json.is_object() && said != json.end() && said->is_string() ? said->get<std::string>() : "";
  const bool keras1 = version.empty() ? saving::internal::looks_like_keras1(json) : version.starts_with('1');
  if (keras1) json = saving::internal::from_keras1(json);
  const bool keras2 = keras1 || version.starts_with('2') || (version.empty() && has_word_of_keras2(json));
  return Model(
      saving::internal::make_network(json, keras2 ? saving::KerasVersion::keras2 : saving::KerasVersion::keras3));
}

}  // namespace cornu::keras::models
