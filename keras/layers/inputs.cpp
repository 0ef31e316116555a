#include "cornu/keras/layers/inputs.h"

namespace cornu::keras {

Inputs::Inputs() = default;
Inputs::Inputs(const Inputs&) = default;
Inputs::Inputs(Inputs&&) noexcept = default;
Inputs& Inputs::operator=(const Inputs&) = default;
Inputs& Inputs::operator=(Inputs&&) noexcept = default;
Inputs::~Inputs() = default;
Inputs::Inputs(graph::Tensor x) : tensors_{std::move(x)} {}
Inputs::Inputs(std::initializer_list<graph::Tensor> tensors) : tensors_(tensors) {}
Inputs::Inputs(graph::Tensors tensors) : tensors_(std::move(tensors)) {}

Inputs& Inputs::with(std::string name, graph::Tensor tensor) & {
  if (tensor.defined()) named_.emplace_back(std::move(name), std::move(tensor));
  return *this;
}
Inputs&& Inputs::with(std::string name, graph::Tensor tensor) && {
  with(std::move(name), std::move(tensor));
  return std::move(*this);
}

graph::Tensor Inputs::named(std::string_view name) const {
  for (const auto& [key, tensor] : named_)
    if (key == name) return tensor;
  return {};
}

}  // namespace cornu::keras
