// Model's save and load functions. The name says the form of a file that is written, the content that of one that is
// read.
#include <array>
#include <filesystem>
#include <fstream>

#include "cornu/keras/saving/internal/archive.h"
#include "cornu/keras/saving/internal/h5_model.h"
#include "cornu/keras/saving/internal/layer_store.h"
#include "cornu/keras/saving/internal/naming_file.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras {
namespace saving::internal {
namespace {

using graph::require;

bool is_hdf5_name(const std::filesystem::path& path) {
  const std::string suffix = path.extension().string();
  return suffix == ".h5" || suffix == ".hdf5";
}

void check_target(const std::filesystem::path& path, const SaveConfig& config, const models::Network& network) {
  require<ValueError>(
      network.built(), "model '", network.name(),
      "' cannot be saved before it is built: give the first layer an input_shape, or call build or fit");
  require<ValueError>(config.overwrite || !std::filesystem::exists(path), "'", path.string(),
                      "' exists already and is not to be overwritten");
}

enum class Content { hdf5, archive };

// What a file is by its first bytes. An HDF5 file may begin with other bytes, which HDF5's reader looks for.
Content content_of(const std::filesystem::path& path) {
  std::array<char, 48> first{};
  std::ifstream in(path, std::ios::binary);
  in.read(first.data(), first.size());
  const std::string_view bytes(first.data(), static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("PK\x05\x06")) return Content::archive;
  require<FormatError>(!bytes.starts_with("version https://git-lfs"), path.string(),
                       ": this is a pointer to the file in a store for large files (git-lfs), not the file: get it by "
                       "'git lfs pull'");
  require<FormatError>(!bytes.starts_with("\x80\x02") && !bytes.starts_with("\x80\x03") &&
                           !bytes.starts_with("\x80\x04") && !bytes.starts_with("\x80\x05"),
                       path.string(), ": a Python pickle, which only Python can run, and which is not read");
  const auto begin = bytes.find_first_not_of(" \t\r\n");
  require<FormatError>(begin == std::string_view::npos || bytes[begin] != '{', path.string(),
                       ": JSON, which describes layers without their weights: make the model by "
                       "models::model_from_json, then call load_weights");
  return Content::hdf5;
}

void require_file(const std::filesystem::path& path) {
  require<FormatError>(!std::filesystem::is_directory(path), path.string(), ": a folder",
                       std::filesystem::exists(path / "saved_model.pb")
                           ? " in TensorFlow's SavedModel form, which is not read; save the model as .keras or .h5"
                           : ", not a model file of Keras");
}

}  // namespace
}  // namespace saving::internal

namespace models {

namespace internal = saving::internal;
using internal::Content;

void Model::save(const io::Path& given, SaveConfig config) const {
  const std::filesystem::path path = given;
  const bool archive = path.extension() == ".keras";
  graph::require<ValueError>(archive || internal::is_hdf5_name(path), "'", path.string(),
                             "': the name says the form of the file: expected one that ends in .keras, .h5 or .hdf5");
  internal::check_target(path, config, *network_);
  archive ? internal::write_archive(path, config, network_) : internal::write_h5_model(path, config, network_);
}

void Model::save_weights(const io::Path& given, SaveConfig config) const {
  const std::filesystem::path path = given;
  graph::require<ValueError>(
      internal::is_hdf5_name(path), "'", path.string(),
      "': the name says the form of the file: expected one that ends in .weights.h5, .h5 or .hdf5");
  internal::check_target(path, config, *network_);
  io::hdf5::Writer file(path);
  if (path.filename().string().ends_with(".weights.h5"))
    internal::write_layer_store(file.root(), *network_, config.include_optimizer);
  else
    internal::write_weights(file.root(), *network_);
  file.commit();
}

void Model::load_weights(const io::Path& given, LoadWeightsConfig config) {
  const std::filesystem::path path = given;
  graph::require<ValueError>(
      built(), "model '", name(),
      "' cannot load weights before it is built: give the first layer an input_shape, or call build or fit");
  internal::naming_file(path, [&] {
    internal::require_file(path);
    const bool archive = internal::content_of(path) == Content::archive;
    const io::hdf5::File file = archive ? internal::weights_in_archive(path, {}) : io::hdf5::File(path);
    const auto root = file.root();
    if (root.is_group("model_weights") || root.has_texts("layer_names") || !internal::LayerStore::is_one(root))
      return internal::assign(internal::weights_of_h5(root).values_for(*network_, config));
    const internal::LayerStore store(root);
    auto values = store.values_for(*network_, config);
    for (auto& value : store.optimizer_values(*network_, std::nullopt)) values.push_back(std::move(value));
    internal::assign(values);
  });
}

Model load_model(const io::Path& given, LoadConfig config) {
  const saving::CustomObjectScope scope(config.custom_objects);
  const std::filesystem::path path = given;
  return internal::naming_file(path, [&] {
    internal::require_file(path);
    if (internal::content_of(path) == Content::archive) return internal::read_archive(path, config);
    return internal::read_h5_model(io::hdf5::File(path, {.isolated = config.isolated}).root(), config);
  });
}

}  // namespace models
}  // namespace cornu::keras
