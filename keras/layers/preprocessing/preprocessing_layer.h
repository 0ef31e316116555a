#pragma once

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

 protected:
  /// At least one batch.
  virtual void learn(const std::vector<Array>& batches) = 0;
};

}  // namespace cornu::keras::layers
