#include "cornu/keras/saving/internal/model_config.h"

#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::saving::internal {

using graph::require;
using models::Network;

Json model_config(const Network& network, KerasVersion version) {
  return in_list(object_of(network, form_of(version)), form_of(version));
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
  return network.pointer();
}

}  // namespace cornu::keras::saving::internal
