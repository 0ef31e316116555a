#include "cornu/keras/layers/keras_tensor.h"

#include <atomic>
#include <ostream>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras {

std::uint64_t Use::next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

const Use& KerasTensor::use() const {
  graph::require<graph::ValueError>(defined(), "an undefined KerasTensor was used");
  return *use_;
}

const graph::Spec& KerasTensor::spec() const { return use().outputs[static_cast<std::size_t>(index_)]; }

const Shared<layers::Layer>& KerasTensor::layer() const { return use().layer; }

std::vector<KerasTensor> KerasTensor::outputs() const {
  std::vector<KerasTensor> all;
  for (std::size_t i = 0; i < use().outputs.size(); ++i) all.emplace_back(use_, static_cast<int>(i));
  return all;
}

std::ostream& operator<<(std::ostream& out, const KerasTensor& tensor) {
  if (!tensor.defined()) return out << "KerasTensor of nothing";
  return out << "KerasTensor " << tensor.spec() << " of \"" << tensor.layer()->name() << '"';
}

std::vector<KerasTensor> Use::read() const {
  std::vector<KerasTensor> all = inputs;
  for (const auto& [name, tensor] : named) all.push_back(tensor);
  return all;
}

CallSpecs Use::specs() const {
  CallSpecs call{{}, {}, values};
  for (const KerasTensor& input : inputs) call.inputs.push_back(input.spec());
  for (const auto& [name, tensor] : named) call.named.emplace_back(name, tensor.spec());
  return call;
}

KerasTensors::KerasTensors() = default;
KerasTensors::KerasTensors(const KerasTensors&) = default;
KerasTensors::KerasTensors(KerasTensors&&) noexcept = default;
KerasTensors& KerasTensors::operator=(const KerasTensors&) = default;
KerasTensors& KerasTensors::operator=(KerasTensors&&) noexcept = default;
KerasTensors::~KerasTensors() = default;
KerasTensors::KerasTensors(std::initializer_list<KerasTensor> tensors) : tensors_(tensors) {}
KerasTensors::KerasTensors(std::vector<KerasTensor> tensors) : tensors_(std::move(tensors)) {}
KerasTensors::KerasTensors(std::initializer_list<std::pair<std::string, KerasTensor>> named) {
  for (const auto& [name, tensor] : named) names_.push_back(name), tensors_.push_back(tensor);
}
KerasTensors::KerasTensors(std::vector<std::string> names, std::vector<KerasTensor> tensors)
    : names_(std::move(names)), tensors_(std::move(tensors)) {}

}  // namespace cornu::keras
