#include "cornu/graph/outputs.h"

#include <algorithm>

#include "cornu/graph/check.h"

namespace cornu::graph {

Outputs::Outputs() = default;
Outputs::Outputs(const Outputs&) = default;
Outputs::Outputs(Outputs&&) noexcept = default;
Outputs& Outputs::operator=(const Outputs&) = default;
Outputs& Outputs::operator=(Outputs&&) noexcept = default;
Outputs::~Outputs() = default;
Outputs::Outputs(Tensor tensor) : tensors_{std::move(tensor)} {}
Outputs::Outputs(std::initializer_list<Tensor> tensors) : tensors_(tensors) {}
Outputs::Outputs(Tensors tensors) : tensors_(std::move(tensors)) {}
Outputs::Outputs(Tensors tensors, std::vector<Update> updates)
    : tensors_(std::move(tensors)), updates_(std::move(updates)) {}

Outputs& Outputs::add(Tensor tensor) & {
  tensors_.push_back(std::move(tensor));
  return *this;
}

Outputs&& Outputs::update(const Variable& variable, const Tensor& value) && {
  update(variable, value);
  return std::move(*this);
}

Outputs& Outputs::update(const Variable& variable, const Tensor& value) & {
  const std::string& name = variable.name();
  require<ShapeError>(value.shape() == variable.shape(), "the update of variable '", name, "' needs shape ",
                      variable.shape(), ", got ", value.shape());
  require<TypeError>(value.dtype() == variable.dtype(), "the update of variable '", name, "' needs ", variable.dtype(),
                     ", got ", value.dtype());
  const bool twice =
      std::any_of(updates_.begin(), updates_.end(), [&](const Update& u) { return u.first == variable; });
  require<ValueError>(!twice, "variable '", name, "' is updated twice in one call");
  updates_.emplace_back(variable, value);
  return *this;
}

Outputs Outputs::rewritten(const std::function<Tensor(const Tensor&)>& now) const {
  Outputs result;
  result.tensors_.reserve(tensors_.size());
  result.updates_.reserve(updates_.size());
  for (const Tensor& tensor : tensors_) result.tensors_.push_back(now(tensor));
  for (const auto& [variable, value] : updates_) result.updates_.emplace_back(variable, now(value));
  return result;
}

}  // namespace cornu::graph
