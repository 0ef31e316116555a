#include "cornu/keras/layers/attention/attention_call.h"

namespace cornu::keras::layers {

Tensor EitherTensor::tensor() const {
  if (!defined()) return {};
  const auto* tensor = std::get_if<Tensor>(&tensor_);
  graph::require<ValueError>(tensor != nullptr, "a symbolic tensor stands where a computation needs one of its own");
  return *tensor;
}

KerasTensor EitherTensor::symbolic() const {
  if (!defined()) return {};
  const auto* tensor = std::get_if<KerasTensor>(&tensor_);
  graph::require<ValueError>(tensor != nullptr, "a tensor of a computation stands where a graph of layers needs a ",
                             "symbolic one");
  return *tensor;
}

}  // namespace cornu::keras::layers
