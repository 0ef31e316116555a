#include "cornu/keras/saving/internal/h5_model.h"

#include "cornu/keras/saving/internal/keras1.h"
#include "cornu/keras/saving/internal/keras_version.h"
#include "cornu/keras/saving/internal/layer_store.h"
#include "cornu/keras/saving/internal/model_config.h"
#include "cornu/keras/saving/internal/optimizer_state.h"
#include "cornu/keras/saving/internal/self_test.h"
#include "cornu/keras/saving/internal/training_config.h"
#include "cornu/keras/saving/internal/weights_file.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using io::hdf5::Charset;
using io::hdf5::Group;

// By the attribute, else by what is there.
KerasVersion version_of(const Group& root, const Json& model_config) {
  return root.has_attribute("keras_version") ? version_named(root.text("keras_version"))
                                             : version_of_config(model_config);
}

std::string text_or_nothing(const Group& root, const Group& weights, const char* attribute) {
  for (const Group& group : {root, weights})
    if (group.has_attribute(attribute)) return group.text(attribute);
  return {};
}

// Keras 1 does not always say its version, and never with what it wrote. Its names of weights have no layer in front,
// "dense_1_W:0", and TensorFlow's end with ":0".
WrittenBy writer_of(const Group& root, const Group& weights) {
  bool slash = false, colon = false, any = false;
  for (const std::string& layer : weights.texts("layer_names"))
    for (const std::string& name : weights.group(layer).texts("weight_names")) {
      any = true;
      slash = slash || name.find('/') != std::string::npos;
      colon = colon || name.ends_with(":0");
    }
  const std::string version = text_or_nothing(root, weights, "keras_version"),
                    backend = text_or_nothing(root, weights, "backend");
  const bool keras1 = version.empty() ? any && !slash : version.starts_with('1');
  return {.keras1 = keras1, .theano = backend.empty() ? keras1 && any && !colon : backend == "theano"};
}

Group layers_of_h5(const Group& root) {
  if (root.is_group("model_weights")) return root.group("model_weights");
  require<FormatError>(root.has_texts("layer_names"),
                       "neither a group model_weights nor a list layer_names: no weights of Keras in this file");
  return root;
}

std::vector<std::pair<Variable, Array>> optimizer_values(const Group& root, KerasVersion version,
                                                         const models::Network& network) {
  if (!root.is_group("optimizer_weights") || !network.built()) return {};
  const auto& optimizer = network.training()->optimizer();
  optimizer->build(network.trainable_weights());
  const Group group = root.group("optimizer_weights");
  std::vector<std::pair<std::string, io::hdf5::Dataset>> stored;
  for (const std::string& name : group.texts("weight_names")) stored.emplace_back(name, group.at(name));
  return telling_how_to_do_without([&] { return read_optimizer_state(group.path(), stored, *optimizer, version); });
}

}  // namespace

StoredWeights weights_of_h5(const Group& root) {
  const Group layers = layers_of_h5(root);
  return StoredWeights(layers, writer_of(root, layers));
}

models::Model read_h5_model(const Group& root, const models::LoadConfig& config) {
  require<FormatError>(root.has_attribute("model_config"),
                       root.has_texts("layer_names") || LayerStore::is_one(root)
                           ? "no model_config: the file holds weights alone; make the model and call load_weights"
                           : "no model_config: this is not a model file of Keras");
  Json architecture = parse_json(root.text("model_config"), "model_config");
  const KerasVersion version = version_of(root, architecture);
  const StoredWeights weights = weights_of_h5(root);
  const bool keras1 = root.has_attribute("keras_version") ? weights.by().keras1 : looks_like_keras1(architecture);
  if (keras1) architecture = from_keras1(architecture);
  const auto network = make_network_within(weights.elements(), architecture, version);
  if (!network->built())
    require<FormatError>(weights.elements() == 0,
                         "model_config does not say the shape of the input, without which no weights can be loaded");
  auto values = weights.values_for(*network);

  models::Model model(network);
  if (config.compile && root.has_attribute("training_config")) {
    compile_as(parse_json(root.text("training_config"), "training_config"), version, model);
    try {
      for (auto& value : optimizer_values(root, version, *network)) values.push_back(std::move(value));
    } catch (const FormatError& e) {
      // Its optimizers keep other things, and Keras 2 begins anew as well.
      if (!keras1) throw;
      utils::warn(graph::message(e.what(), ": the optimizer begins anew"));
    }
  }
  assign(values);
  check_self_test(root, network);
  return model;
}

void write_h5_model(const std::filesystem::path& path, const SaveConfig& how,
                    const std::shared_ptr<models::Network>& model) {
  const models::Network& network = *model;
  const bool with_training = how.include_optimizer && network.training();
  const std::string architecture = text_of_model(model_config(network, KerasVersion::keras2), network);
  const std::string training = with_training ? text_of_model(training_config(*network.training()), network) : "";

  io::hdf5::Writer file(path);
  auto root = file.root();
  root.text("backend", "tensorflow");
  root.text("keras_version", kKeras2);
  root.text("model_config", architecture, Charset::ascii);
  if (with_training) root.text("training_config", training, Charset::ascii);
  write_weights(root.group("model_weights"), network);
  if (with_training) write_optimizer_state(root, *network.training()->optimizer(), network);
  if (how.self_test) write_self_test(root, model);
  file.commit();
}

}  // namespace cornu::keras::saving::internal
