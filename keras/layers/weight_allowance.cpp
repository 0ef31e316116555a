#include "cornu/keras/layers/internal/weight_allowance.h"

namespace cornu::keras::layers::internal {
namespace {

thread_local WeightAllowance* active = nullptr;

}  // namespace

WeightAllowance::WeightAllowance(std::int64_t elements) : left_(elements), outer_(active) { active = this; }
WeightAllowance::~WeightAllowance() { active = outer_; }
WeightAllowance* WeightAllowance::current() { return active; }

void WeightAllowance::take(const std::string& weight, const graph::Shape& shape) {
  bool empty = false;
  for (const std::int64_t length : shape) empty = empty || length == 0;
  std::int64_t rest = left_;  // divided by the lengths, as their product may not be a number
  for (const std::int64_t length : shape)
    if (!empty) rest /= length;
  graph::require<graph::FormatError>(empty || rest > 0, "weight '", weight, "' of shape ", shape,
                                     " is larger than what the file holds for it");
  if (!empty) left_ -= shape.elements();
}

}  // namespace cornu::keras::layers::internal
