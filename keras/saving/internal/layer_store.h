#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::saving::internal {

/// A layer of a model with its place in Keras 3's files, "layers/dense_1": the attributes that lead to it in Python,
/// where layers in a list are numbered by their class.
struct PlacedLayer {
  const layers::Layer* layer;
  std::string place;
};

/// How a model's layers are listed: under "layers", or as Keras 2.13 did, where a layer with weights counts twice.
enum class Listing { layers, checkpoint_dependencies };

/// All layers of a model, itself first, each once.
std::vector<PlacedLayer> placed_layers(const models::Network& network, Listing listing = Listing::layers);

/// Writes what Keras 3 has in a file of weights: for each layer a group `vars` with its weights by number, the states
/// of its random numbers, and if asked for the optimizer's variables, if they are of the weights that are trained.
void write_layer_store(io::hdf5::Writer::Group root, const models::Network& network, bool with_optimizer);

/// The variables in such a file, of Keras 2.12 or later.
class LayerStore {
 public:
  /// Whether the file looks like one.
  static bool is_one(const io::hdf5::Group& root);
  /// Lists what is there. Throws FormatError for a file of more than 100,000 parts or with groups nested more than 24
  /// deep.
  explicit LayerStore(const io::hdf5::Group& root);
  std::int64_t elements() const { return elements_; }

  using Values = std::vector<std::pair<Variable, Array>>;
  /// The values of the network's weights. All is compared before anything is read: throws FormatError, naming the
  /// layer, if numbers or shapes differ; with `skip_mismatch` such a layer is left out with a warning.
  Values values_for(const models::Network& network, const LoadWeightsConfig& config = {}) const;
  /// Those of the optimizer, which is built for the network's weights if it is not; nothing, with a warning, if its
  /// variables are others than the file's, as in Keras.
  /// Without a version it is that of which the number of variables is.
  Values optimizer_values(const models::Network& network, std::optional<KerasVersion> written_by) const;
  /// Gives layers what the file keeps for them beside weights, with the texts that are its assets by their paths.
  void restore_kept(const models::Network& network, const std::map<std::string, std::string>& assets) const;

 private:
  using Variables = std::map<std::string, io::hdf5::Dataset>;  // of one group `vars`, by their names in it
  void list(const io::hdf5::Group& group, const std::string& path, int depth);
  const Variables& variables_in(const std::string& place) const;
  /// Those that are named by numbers, in that order.
  std::vector<io::hdf5::Dataset> numbered_in(const std::string& place) const;
  std::vector<PlacedLayer> placed(const models::Network& network) const;

  std::string where_;
  std::map<std::string, Variables> groups_;  // by the place that has the group `vars`
  std::int64_t elements_ = 0, parts_ = 0;
};

}  // namespace cornu::keras::saving::internal
