#include "cornu/keras/context.h"

#include <algorithm>

namespace cornu::keras {

bool Context::first_penalty(const Variable& variable) {
  if (std::find(penalized_.begin(), penalized_.end(), variable) != penalized_.end()) return false;
  penalized_.push_back(variable);
  return true;
}

void Context::update(const Variable& variable, const Tensor& value) {
  Outputs{}.update(variable, value);  // its checks, where the mistake is made
  for (auto& [updated, latest] : updates_)
    if (updated == variable) return void(latest = value);
  updates_.emplace_back(variable, value);
}

Tensor Context::value(const Variable& variable) const {
  for (const auto& [updated, latest] : updates_)
    if (updated == variable) return latest;
  return variable;
}

}  // namespace cornu::keras
