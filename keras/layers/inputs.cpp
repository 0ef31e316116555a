#include "cornu/keras/layers/inputs.h"

#include "cornu/graph/check.h"

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

Inputs& Inputs::with_value(std::string name, CallValue value) & {
  for (auto& [known, old] : values_)
    if (known == name) return old = std::move(value), *this;
  values_.emplace_back(std::move(name), std::move(value));
  return *this;
}
Inputs&& Inputs::with_value(std::string name, CallValue value) && {
  with_value(std::move(name), std::move(value));
  return std::move(*this);
}

bool Inputs::flag(std::string_view name, bool otherwise) const {
  for (const auto& [known, value] : values_) {
    if (known != name) continue;
    const bool* truth = std::get_if<bool>(&value);
    graph::require<graph::ValueError>(truth != nullptr, "expected true or false for the argument '", name,
                                      "' of a call");
    return *truth;
  }
  return otherwise;
}

graph::Tensors Inputs::list_named(std::string_view name) const {
  graph::Tensors list;
  for (const auto& [key, tensor] : named_)
    if (key == name) list.push_back(tensor);
  return list;
}

CallSpecs Inputs::specs() const {
  CallSpecs call{{}, {}, values_};
  for (const graph::Tensor& x : tensors_) call.inputs.push_back(x.spec());
  for (const auto& [name, tensor] : named_) call.named.emplace_back(name, tensor.spec());
  return call;
}

graph::Tensor Inputs::named(std::string_view name) const {
  for (const auto& [key, tensor] : named_)
    if (key == name) return tensor;
  return {};
}

}  // namespace cornu::keras
