#include "cornu/keras/losses/by_shape.h"

#include "cornu/keras/losses/crossentropy.h"

namespace cornu::keras::losses {
namespace {

Shared<Loss> crossentropy_for(const graph::Shape& y_true, const graph::Shape& y_pred) {
  switch (labels_of(y_true, y_pred)) {
    case Labels::binary:
      return binary_crossentropy;
    case Labels::sparse:
      return sparse_categorical_crossentropy;
    case Labels::categorical:
      break;
  }
  return categorical_crossentropy;
}

}  // namespace

static const bool by_shape_registered = registry().add<Crossentropy>(
    "crossentropy", {"ce"},
    {.by_name = true,
     .cannot_be_saved = " before the first step of training: until then it is not known which one it is. Name it: "
                        "'categorical_crossentropy', 'sparse_categorical_crossentropy' or 'binary_crossentropy'"});

Labels labels_of(const graph::Shape& y_true, const graph::Shape& y_pred) {
  const auto last = [](const graph::Shape& shape) { return shape.empty() ? 1 : shape.back(); };
  if (last(y_pred) == 1) return Labels::binary;
  return y_true.rank() < y_pred.rank() || last(y_true) == 1 ? Labels::sparse : Labels::categorical;
}

Tensor Crossentropy::call(const Tensor& y_true, const Tensor& y_pred) const {
  return crossentropy_for(y_true.shape(), y_pred.shape())->call(y_true, y_pred);
}

void Crossentropy::check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const {
  crossentropy_for(y_true.shape(), y_pred)->check_targets(y_true, y_pred);
}

Shared<Loss> resolve(const Shared<Loss>& loss, const Spec& y_true, const Spec& y_pred) {
  return loss && loss.as<Crossentropy>() ? crossentropy_for(y_true.shape, y_pred.shape) : loss;
}

}  // namespace cornu::keras::losses
