#pragma once

#include <string>
#include <vector>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/internal/keras1.h"

namespace cornu::keras::saving::internal {

/// A weight with its name in files: "dense/kernel", within a model's model "inner/dense/kernel".
struct NamedWeight {
  Variable variable;
  std::string name;
};
/// A layer's weights as Keras' files order them: what is trained, then the others; of a model over all its layers.
std::vector<NamedWeight> weights_in_file_order(const layers::Layer& layer);

/// A value as HDF5 can hold it: bfloat16, which it lacks, as float32.
Array as_stored(const Array& value);

/// Writes what Keras 2's files have in `model_weights`, and in the root of a file of weights.
void write_weights(io::hdf5::Writer::Group group, const models::Network& network);

/// The weights that a file of Keras 2 or 3 holds, layer by layer. Layers without weights are left out.
class StoredWeights {
 public:
  /// Reads names and shapes. Throws FormatError for names of what is not there.
  explicit StoredWeights(const io::hdf5::Group& group, WrittenBy by = {});
  std::int64_t elements() const;
  const WrittenBy& by() const { return by_; }
  /// The values of the network's weights. Layers are found by their names where all have theirs in the file, else (and
  /// always with other names) by their order; so are the weights of a layer. Throws FormatError, naming the layer, if
  /// numbers or shapes differ. With `by_name` and `skip_mismatch` as Keras' `load_weights`.
  std::vector<std::pair<Variable, Array>> values_for(const models::Network& network,
                                                     const LoadWeightsConfig& config = {}) const;

 private:
  struct LayerWeights {
    std::string layer;
    std::vector<std::pair<std::string, io::hdf5::Dataset>> datasets;
  };
  struct Match {
    const layers::Layer* layer;
    std::vector<NamedWeight> weights;
    const LayerWeights* stored;
  };
  static std::vector<std::size_t> places(const std::vector<NamedWeight>& weights, const LayerWeights& stored);
  std::vector<Match> matches(const models::Network& network, bool by_name) const;
  bool changed() const { return by_.keras1 || by_.theano; }
  std::string place_;
  WrittenBy by_;
  std::vector<LayerWeights> layers_;
  LayerWeights top_;  // outside of all layers
};

/// Sets all of them.
void assign(const std::vector<std::pair<Variable, Array>>& values);

}  // namespace cornu::keras::saving::internal
