// Model's to_json and model_from_json.
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/model_config.h"

namespace cornu::keras::models {

std::string Model::to_json() const { return saving::internal::write_json(saving::internal::model_json(*network_)); }

Model model_from_json(std::string_view json) {
  const auto config = saving::internal::parse_json(std::string(json), "model_from_json");
  // Keras 2's to_json says its version.
  const auto version = config.is_object() ? config.find("keras_version") : config.end();
  const bool keras2 = config.is_object() && version != config.end() && version->is_string() &&
                      version->get<std::string>().starts_with('2');
  return Model(
      saving::internal::make_network(config, keras2 ? saving::KerasVersion::keras2 : saving::KerasVersion::keras3));
}

}  // namespace cornu::keras::models
