// Model's save and load functions: HDF5 files in the form of Keras 2.
#include <algorithm>
#include <filesystem>

#include "cornu/keras/layers/internal/weight_allowance.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/keras_version.h"
#include "cornu/keras/saving/internal/model_config.h"
#include "cornu/keras/saving/internal/naming_file.h"
#include "cornu/keras/saving/internal/optimizer_state.h"
#include "cornu/keras/saving/internal/training_config.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras {
namespace saving::internal {
namespace {

using graph::require;
using io::hdf5::Charset;
using io::hdf5::Group;

void check_target(const std::filesystem::path& path, const SaveConfig& config, const models::Network& network) {
  require<ValueError>(path.extension() != ".keras", "'", path.string(),
                      "': Keras' .keras archives cannot be written; name the file .h5");
  const std::string suffix = path.extension().string();
  require<ValueError>(suffix == ".h5" || suffix == ".hdf5", "'", path.string(),
                      "': the name says the form of the file: expected one that ends in .h5 or .hdf5");
  require<ValueError>(
      network.built(), "model '", network.name(),
      "' cannot be saved before it is built: give the first layer an input_shape, or call build or fit");
  require<ValueError>(config.overwrite || !std::filesystem::exists(path), "'", path.string(),
                      "' exists already and is not to be overwritten");
}

std::string text_of(const Json& json, const models::Network& network) {
  try {
    return write_json(json, true);
  } catch (const nlohmann::json::exception& e) {
    throw ValueError(graph::message("model '", network.name(), "' cannot be saved: a name in it is not valid UTF-8 (",
                                    e.what(), ")"));
  }
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

// By the attribute, else by what is there.
KerasVersion version_of(const Group& root, const Json& model_config) {
  const auto version = [](bool is_keras3) { return is_keras3 ? KerasVersion::keras3 : KerasVersion::keras2; };
  if (root.has_attribute("keras_version")) return version(root.text("keras_version").starts_with('3'));
  return version(looks_like_keras3(model_config));
}

// The group with layer_names: of a whole model's file, or of one with weights alone.
Group weights_of(const Group& root) {
  if (root.is_group("model_weights")) return root.group("model_weights");
  require<FormatError>(
      !root.is_group("layers") && !root.is_group("_layer_checkpoint_dependencies"),
      "weights in the form of Keras 3's save_weights (.weights.h5) are not supported; save the whole model as .h5");
  require<FormatError>(root.has_texts("layer_names"),
                       "neither a group model_weights nor a list layer_names: no weights of Keras in this file");
  return root;
}

// What is unknown about the training does not keep anybody from the model.
constexpr const char* kWithout = " (load_model with {.compile = false} reads the model without its training)";

void compile_from(const Group& root, KerasVersion version, models::Model& model) {
  const Json json = parse_json(root.text("training_config"), "training_config");
  try {
    model.compile(compile_config(json, version, model.network()->output_names()));
  } catch (const ValueError& e) {
    throw ValueError(e.what() + std::string(kWithout));
  }
}

std::vector<std::pair<Variable, Array>> optimizer_values(const Group& root, KerasVersion version,
                                                         const models::Network& network) {
  if (!root.is_group("optimizer_weights") || !network.built()) return {};
  const auto& optimizer = network.training()->optimizer();
  optimizer->build(network.trainable_weights());
  try {
    return read_optimizer_state(root.group("optimizer_weights"), *optimizer, version);
  } catch (const FormatError& e) {
    throw FormatError(e.what() + std::string(kWithout));
  }
}

models::Model load(const Group& root, const models::LoadConfig& config) {
  require<FormatError>(root.has_attribute("model_config"),
                       root.has_texts("layer_names")
                           ? "no model_config: the file holds weights alone; make the model and call load_weights"
                           : "no model_config: this is not a model file of Keras");
  const Json architecture = parse_json(root.text("model_config"), "model_config");
  const KerasVersion version = version_of(root, architecture);
  const StoredWeights weights(weights_of(root));
  const auto network = [&] {
    // Some more than there are, so that what does not fit is told layer by layer below.
    const layers::internal::WeightAllowance allowance(weights.elements() + (1 << 20));
    return make_network(architecture, version);
  }();
  if (!network->built())
    require<FormatError>(weights.elements() == 0,
                         "model_config does not say the shape of the input, without which no weights can be loaded");
  auto values = weights.values_for(*network);

  models::Model model(network);
  if (config.compile && root.has_attribute("training_config")) {
    compile_from(root, version, model);
    for (auto& value : optimizer_values(root, version, *network)) values.push_back(std::move(value));
  }
  assign(values);
  return model;
}

}  // namespace
}  // namespace saving::internal

namespace models {

namespace internal = saving::internal;

void Model::save(const io::Path& path, SaveConfig config) const {
  internal::check_target(path, config, *network_);
  const std::string architecture =
      internal::text_of(internal::model_config(*network_, saving::KerasVersion::keras2), *network_);
  const bool with_training = config.include_optimizer && compiled();
  const std::string training =
      with_training ? internal::text_of(internal::training_config(*network_->training()), *network_) : "";

  io::hdf5::Writer file(path);
  auto root = file.root();
  root.text("backend", "tensorflow");
  root.text("keras_version", internal::kKeras2);
  root.text("model_config", architecture, io::hdf5::Charset::ascii);
  if (with_training) root.text("training_config", training, io::hdf5::Charset::ascii);
  internal::write_weights(root.group("model_weights"), *network_);
  if (with_training) internal::write_optimizer_state(root, *network_->training()->optimizer(), *network_);
  file.commit();
}

void Model::save_weights(const io::Path& path, SaveConfig config) const {
  internal::check_target(path, config, *network_);
  io::hdf5::Writer file(path);
  internal::write_weights(file.root(), *network_);
  file.commit();
}

void Model::load_weights(const io::Path& path, LoadWeightsConfig config) {
  graph::require<ValueError>(
      built(), "model '", name(),
      "' cannot load weights before it is built: give the first layer an input_shape, or call build or fit");
  internal::naming_file(path, [&] {
    const io::hdf5::File file(path);
    internal::assign(internal::StoredWeights(internal::weights_of(file.root())).values_for(*network_, config));
  });
}

Model load_model(const io::Path& given, LoadConfig config) {
  const std::filesystem::path path = given;
  graph::require<FormatError>(path.extension() != ".keras" || !std::filesystem::exists(path), path.string(),
                              ": Keras' .keras archives cannot be read; save the model as .h5");
  const io::hdf5::ReadConfig how{.isolated = config.isolated};
  return internal::naming_file(path, [&] { return internal::load(io::hdf5::File(path, how).root(), config); });
}

}  // namespace models
}  // namespace cornu::keras
