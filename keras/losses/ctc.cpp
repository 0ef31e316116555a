#include "cornu/keras/losses/ctc.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/losses/labels.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/composite/ctc_loss.h"

namespace cornu::keras::losses {

static const bool ctc_registered = registry().add<CTC>("CTC", {"ctc"}, {.since_keras3 = true});

void CTCConfig::fields(ConfigVisitor&) {}

Tensor CTCConfig::operator()(const Tensor& y_true, const Tensor& y_pred) const {
  graph::require<graph::ShapeError>(y_true.ndim() == 2 && y_pred.ndim() == 3 && y_true.shape()[0] == y_pred.shape()[0],
                                    "loss '", name, "' expects labels (batch, labels) and logits (batch, steps, ",
                                    "classes), got shapes ", y_true.shape(), " and ", y_pred.shape());
  const graph::Shape batch = {y_pred.shape()[0]};
  const graph::Array steps = graph::full(batch, static_cast<double>(y_pred.shape()[1]), graph::int32);
  return ops::ctc_loss(y_true, y_pred, ops::count_nonzero(y_true, -1), steps);
}

void CTCConfig::check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const {
  require_class_numbers("CTC", y_true, y_pred);
}

}  // namespace cornu::keras::losses
