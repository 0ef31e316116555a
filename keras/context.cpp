#include "cornu/keras/context.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/read_scope.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras {

Context::Context(bool training) : training_(training) {}
Context::~Context() = default;
Context::Context(const Context&) = default;
Context& Context::operator=(const Context&) = default;

void Context::note(LayerCall call) {
  if (keeps_calls_) calls_.push_back(std::move(call));
}

void Context::clear() {
  losses_.clear();
  metrics_.clear(), penalized_.clear();
  updates_.clear();
  updated_.clear();
  assigned_.clear();
  masks_.clear();
  calls_.clear();
}

void Context::add_loss(const Tensor& loss) { losses_.push_back(ops::cast_floating(loss, graph::float32)); }

void Context::add_metric(const Tensor& value, const std::string& name) {
  graph::require<graph::ValueError>(!name.empty() && name != "loss", "add_metric: a metric needs a name other than \"",
                                    name, '"');
  const Tensor mean = ops::mean(ops::cast(value, graph::float32));
  for (auto& [known, tensor] : metrics_)
    if (known == name) return void(tensor = mean);
  metrics_.emplace_back(name, mean);
}

bool Context::trainable(const layers::Layer& layer) const {
  if (trainable_ != nullptr)
    if (const auto known = trainable_->find(&layer); known != trainable_->end()) return known->second;
  return layer.trainable();
}

// What is read after an update is a constant to gradients, as a variable that was assigned is in Keras: a second loss
// of the step is not differentiated through the first one's update. A value that nothing has computed has no step
// behind it.
const Tensor& Context::updated(std::size_t at) const {
  Tensor& value = updates_[at].second;
  if (!value.node().inputs().empty() && !ops::stops_gradient(value)) value = ops::stop_gradient(value);
  return value;
}

Tensor Context::latest(const Tensor& read) const {
  if (updates_.empty()) return read;
  const auto* op = graph::as<graph::ReadVariable>(read);
  const auto at = op == nullptr ? updated_.end() : updated_.find(op->variable.id());
  if (at == updated_.end()) return read;
  const Tensor& value = updates_[at->second].second;
  return is_assigned(value) ? value : updated(at->second);
}

bool Context::first_penalty(const Variable& variable) {
  if (std::find(penalized_.begin(), penalized_.end(), variable) != penalized_.end()) return false;
  penalized_.push_back(variable);
  return true;
}

Tensor Context::mask(const Tensor& of) const {
  for (const auto& [tensor, mask] : masks_)
    if (tensor.same(of)) return mask;
  return {};
}

void Context::set_mask(const Tensor& of, const Tensor& mask, const graph::Shape& axes) {
  std::erase_if(masks_, [&](const auto& entry) { return entry.first.same(of); });
  if (!mask.defined()) return;
  bool fits = mask.dtype() == graph::bool_ && mask.ndim() <= axes.rank();
  for (int axis = 0; fits && axis < mask.ndim(); ++axis) fits = mask.shape()[axis] == axes[axis];
  graph::require<graph::ShapeError>(fits, "a mask needs to be bool and of the first axes of ", of, ", got ", mask);
  masks_.emplace_back(of, mask);
}

void Context::update(const Variable& variable, const Tensor& given) {
  const Tensor value = graph::is_floating(variable.dtype()) ? ops::cast_floating(given, variable.dtype()) : given;
  Outputs{}.update(variable, value);  // its checks, where the mistake is made
  const auto [at, added] = updated_.try_emplace(variable.id(), updates_.size());
  if (added)
    updates_.emplace_back(variable, value);
  else
    updates_[at->second].second = value;
}

void Context::assign(const Variable& variable, const Tensor& value) {
  update(variable, value);
  assigned_.emplace_back(variable, updates_[updated_.at(variable.id())].second);
}

bool Context::is_assigned(const Tensor& value) const {
  return std::any_of(assigned_.begin(), assigned_.end(), [&](const auto& entry) { return entry.second.same(value); });
}

Tensor Context::value(const Variable& variable) const {
  const auto at = updated_.find(variable.id());
  if (at == updated_.end()) return Tensor(variable);
  const Tensor& value = updates_[at->second].second;
  return graph::ReadScope::converted(is_assigned(value) ? ops::stop_gradient(value) : updated(at->second));
}

}  // namespace cornu::keras
