#include "cornu/keras/layers/preprocessing/preprocessing_layer.h"

#include "cornu/graph/check.h"

namespace cornu::keras::layers {

void PreprocessingLayer::adapt(const std::vector<Array>& batches) {
  graph::require<ValueError>(!batches.empty(), who(), "expected at least one batch to adapt to, got none");
  learn(batches);
}

PreprocessingLayer::Kept PreprocessingLayer::kept() const { return {}; }
void PreprocessingLayer::restore(const Kept&) {}

}  // namespace cornu::keras::layers
