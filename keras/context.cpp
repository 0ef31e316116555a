#include "cornu/keras/context.h"

#include <algorithm>

#include "cornu/graph/read_scope.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras {

void Context::add_loss(const Tensor& loss) { losses_.push_back(ops::cast_floating(loss, graph::float32)); }

bool Context::first_penalty(const Variable& variable) {
  if (std::find(penalized_.begin(), penalized_.end(), variable) != penalized_.end()) return false;
  penalized_.push_back(variable);
  return true;
}

void Context::update(const Variable& variable, const Tensor& given) {
  const Tensor value = graph::is_floating(variable.dtype()) ? ops::cast_floating(given, variable.dtype()) : given;
  Outputs{}.update(variable, value);  // its checks, where the mistake is made
  for (auto& [updated, latest] : updates_)
    if (updated == variable) return void(latest = value);
  updates_.emplace_back(variable, value);
}

Tensor Context::value(const Variable& variable) const {
  for (const auto& [updated, latest] : updates_)
    if (updated == variable) return graph::ReadScope::converted(latest);
  return variable;
}

}  // namespace cornu::keras
