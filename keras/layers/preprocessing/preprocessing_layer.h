#pragma once

#include <map>
#include <string>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// The base of layers that learn something of the data before a model is trained: `adapt` looks at data once, in place
/// of arguments. A model that was traced before goes on with what was known then: adapt first.
///
///     Normalization normalize;
///     normalize->adapt(x_train);
///     Array x = normalize(x_test);
class CORNU_EXPORT PreprocessingLayer : public Layer {
 public:
  using Layer::Layer;
  template <class Config>
  using Of = Handle<Configured<PreprocessingLayer, Config>, Config>;

  /// Forgets what was learnt and looks at the data, an array or one batch after another. Throws ValueError without
  /// data, and where arguments say already what would be learnt.
  void adapt(const Array& data) { learn({data}); }
  void adapt(const std::vector<Array>& batches);

  /// What Keras 3's files keep of a layer beside its weights: arrays by name, "idf_weights", and files of text, which
  /// are its assets, "vocabulary.txt".
  struct Kept;
  /// By default nothing. What the config says already needs no asset.
  virtual Kept kept() const;
  /// Takes what a file has of these. Throws ValueError, naming the layer, for what cannot be its own.
  virtual void restore(const Kept& kept);
  /// The layer in Keras of which files keep the same once more: "_lookup_layer". By default none.
  virtual std::string kept_twice() const { return {}; }

 protected:
  /// At least one batch.
  virtual void learn(const std::vector<Array>& batches) = 0;
};

struct PreprocessingLayer::Kept {
  std::map<std::string, Array> arrays;
  std::map<std::string, std::string> assets;
};

}  // namespace cornu::keras::layers
