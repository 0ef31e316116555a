#include "cornu/keras/saving/internal/archive.h"

#include <map>
#include <string>
#include <vector>

#include "cornu/io/zip/internal/zip.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/saving/internal/keras_version.h"
#include "cornu/keras/saving/internal/layer_store.h"
#include "cornu/keras/saving/internal/model_config.h"
#include "cornu/keras/saving/internal/self_test.h"
#include "cornu/keras/saving/internal/training_config.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using io::zip::ZipReader;

constexpr const char *kMetadata = "metadata.json", *kConfig = "config.json", *kWeights = "model.weights.h5",
                     *kAssets = "assets/";

template <class Bytes>
Bytes read_member(const ZipReader& archive, const io::zip::ZipMember& member) {
  const auto source = archive.open(member);
  Bytes bytes;
  bytes.resize(source->left());
  source->read(std::as_writable_bytes(std::span(bytes)));
  source->finish();
  return bytes;
}

std::string text_in(const ZipReader& archive, const char* name) {
  const auto* member = archive.find(name);
  require<FormatError>(member != nullptr, "no ", name, " in it: this is no model archive of Keras");
  return read_member<std::string>(archive, *member);
}

io::hdf5::File weights_in(const ZipReader& archive, const std::filesystem::path& path,
                          const io::hdf5::ReadConfig& how) {
  const auto* member = archive.find(kWeights);
  require<FormatError>(member != nullptr, archive.find("model.weights.npz") != nullptr
                                              ? "its weights are model.weights.npz, a form that is not read"
                                              : "no model.weights.h5 in it");
  const auto bytes = read_member<std::vector<std::byte>>(archive, *member);
  return io::hdf5::File(path / kWeights, bytes, how);
}

// By their paths below the folder.
std::map<std::string, std::string> assets_in(const ZipReader& archive) {
  std::map<std::string, std::string> assets;
  for (const auto& member : archive.members()) {
    std::string name = member.name;
    for (char& c : name)
      if (c == '\\') c = '/';
    if (name.starts_with(kAssets) && !name.ends_with('/'))
      assets.emplace(name.substr(std::string_view(kAssets).size()), read_member<std::string>(archive, member));
  }
  return assets;
}

KerasVersion version_of_archive(const ZipReader& archive, const Json& config) {
  if (archive.find(kMetadata) != nullptr) {
    const Json metadata = parse_json(text_in(archive, kMetadata), kMetadata);
    const auto version = metadata.is_object() ? metadata.find("keras_version") : metadata.end();
    if (metadata.is_object() && version != metadata.end() && version->is_string())
      return version_named(version->get<std::string>());
  }
  return version_of_config(config);
}

}  // namespace

void write_archive(const std::filesystem::path& path, const SaveConfig& how,
                   const std::shared_ptr<models::Network>& model) {
  const models::Network& network = *model;
  const bool with_training = how.include_optimizer && network.training();
  Json config = model_json(network);
  if (with_training) config["compile_config"] = compile_config_of(*network.training());
  const std::string text = text_of_model(config, network);
  // No date, so that equal models give equal bytes.
  const std::string metadata = write_json(Json{{"keras_version", kKeras3}, {"date_saved", "1980-01-01@00:00:00"}});

  auto weights = io::hdf5::Writer::in_memory((path / kWeights).string());
  write_layer_store(weights.root(), network, with_training);
  if (how.self_test) write_self_test(weights.root(), model);
  weights.hand_over([&](std::span<const std::byte> bytes) {
    io::AtomicFile file(path);
    io::zip::ZipWriter archive(file);
    archive.add(kMetadata, {std::as_bytes(std::span(metadata))});
    archive.add(kConfig, {std::as_bytes(std::span(text))});
    archive.add(kWeights, {bytes});
    archive.finish();
    file.commit();
  });
}

io::hdf5::File weights_in_archive(const std::filesystem::path& path, const io::hdf5::ReadConfig& how) {
  return weights_in(ZipReader(path), path, how);
}

models::Model read_archive(const std::filesystem::path& path, const models::LoadConfig& config) {
  const ZipReader archive(path);
  const Json described = parse_json(text_in(archive, kConfig), kConfig);
  const KerasVersion version = version_of_archive(archive, described);
  const io::hdf5::File file = weights_in(archive, path, {.isolated = config.isolated});
  const LayerStore store(file.root());
  const auto network = make_network_within(store.elements(), described, version);
  if (!network->built())
    require<FormatError>(store.elements() == 0,
                         "config.json does not say the shape of the input, without which no weights can be loaded");
  store.restore_kept(*network, assets_in(archive));
  auto values = store.values_for(*network);

  models::Model model(network);
  const auto compiled = described.find("compile_config");
  if (config.compile && compiled != described.end() && compiled->is_object() && !compiled->empty()) {
    compile_as(*compiled, version, model);
    for (auto& value : telling_how_to_do_without([&] { return store.optimizer_values(*network, version); }))
      values.push_back(std::move(value));
  }
  assign(values);
  check_self_test(file.root(), network);
  return model;
}

}  // namespace cornu::keras::saving::internal
