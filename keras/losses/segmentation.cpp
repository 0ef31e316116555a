#include "cornu/keras/losses/segmentation.h"

#include "cornu/keras/epsilon.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

ops::AxesOrAll axes_of(const AxesOrAll& axis) { return axis ? ops::AxesOrAll(*axis) : ops::AxesOrAll(); }

const bool segmentation_registered = registry().add<Dice>("Dice", {"dice"}, {.since_keras3 = true}) &&
                                     registry().add<Tversky>("Tversky", {"tversky"}, {.since_keras3 = true});

}  // namespace

void DiceConfig::fields(ConfigVisitor& v) { v("axis", axis); }
Tensor DiceConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const ops::AxesOrAll over = axes_of(axis);
  return 1 - 2 * ops::sum(t * p, over) / (ops::sum(t, over) + ops::sum(p, over) + kEpsilon);
}

void TverskyConfig::fields(ConfigVisitor& v) {
  v("alpha", alpha);
  v("beta", beta);
  v("axis", axis);
}
Tensor TverskyConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
  const ops::AxesOrAll over = axes_of(axis);
  const Tensor shared = ops::sum(t * p, over);
  const Tensor missed = ops::sum((1 - p) * t, over), beside = ops::sum(p * (1 - t), over);
  return 1 - shared / (shared + alpha * missed + beta * beside + kEpsilon);
}

}  // namespace cornu::keras::losses
