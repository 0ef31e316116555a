#include "cornu/ops/composite/ctc_loss.h"

#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/softmax.h"

namespace cornu::ops {
namespace {

using graph::float32;
using graph::int32;
using graph::require;

// The logarithm of the probability 0: minus infinity would make gradients NaN.
constexpr double kImpossible = -1e30;

Tensor integer(double value) { return graph::constant(value, int32); }
Tensor number(double value) { return graph::constant(value, float32); }
Tensor column(const Tensor& x) { return expand_dims(x, -1); }

void require_lengths(const char* of, const Tensor& length, std::int64_t batch) {
  require<ShapeError>(length.shape() == graph::Shape{batch}, "ctc_loss: expected `", of, "` of shape (", batch,
                      ",), got ", length.shape());
}

// x (batch, states), each state having what the one `places` before it had.
Tensor from_before(const Tensor& x, std::int64_t places) {
  const std::int64_t states = x.shape().back();
  return pad(slice(x, 1, 0, states - places), {{0, 0}, {places, 0}}, {.constant_values = kImpossible});
}

// Logarithms of probabilities (batch, states) at the states (batch, 1).
Tensor at_state(const Tensor& log_p, const Tensor& state) {
  const Tensor there = take_along_axis(log_p, maximum(state, integer(0)), 1);
  return squeeze(where(less(state, integer(0)), number(kImpossible), there), 1);
}

}  // namespace

Tensor ctc_loss(const Tensor& target, const Tensor& output, const Tensor& target_length, const Tensor& output_length,
                int mask_index) {
  require<ShapeError>(output.ndim() == 3, "ctc_loss: expected `output` of shape (batch, steps, classes), got ",
                      output.shape());
  const std::int64_t batch = output.shape()[0], steps = output.shape()[1], classes = output.shape()[2];
  require<ShapeError>(target.ndim() == 2 && target.shape()[0] == batch,
                      "ctc_loss: expected `target` of shape (batch, "
                      "labels) for an output of shape ",
                      output.shape(), ", got ", target.shape());
  require<ShapeError>(steps > 0, "ctc_loss: expected at least one step, got an output of shape ", output.shape());
  require<ValueError>(mask_index >= 0 && mask_index < classes, "ctc_loss: `mask_index` must be a class from 0 to ",
                      classes - 1, ", got ", mask_index);
  require_lengths("target_length", target_length, batch);
  require_lengths("output_length", output_length, batch);

  // Before, between and behind the labels there may be blanks: blank, label, blank, label, …, blank.
  const std::int64_t labels = target.shape()[1], states = 2 * labels + 1;
  const Tensor label = cast(target, int32), blank = integer(mask_index);
  const Tensor pairs = stack({broadcast_to(blank, label.shape()), label}, 2);
  const Tensor read = concatenate({reshape(pairs, {batch, 2 * labels}), broadcast_to(blank, {batch, 1})}, 1);
  // A blank may be left out between two labels, but for equal ones, which would be merged.
  const Tensor before =
      pad(slice(read, 1, 0, std::max<std::int64_t>(states - 2, 0)), {{0, 0}, {std::min<std::int64_t>(states, 2), 0}},
          {.constant_values = static_cast<double>(mask_index)});
  const Tensor may_skip = logical_and(not_equal(read, blank), not_equal(read, before));

  const Tensor log_p = take_along_axis(log_softmax(cast(output, float32), -1), expand_dims(read, 1), 2);
  const Tensor last_step = column(cast(output_length, int32));
  const Tensor by_step = transpose(log_p, {1, 0, 2});
  // How probable it is to have come to each state.
  const Tensor first = squeeze(slice(by_step, 0, 0, 1), 0);
  const Tensor begun = pad(slice(first, 1, 0, std::min<std::int64_t>(states, 2)),
                           {{0, 0}, {0, std::max<std::int64_t>(states - 2, 0)}}, {.constant_values = kImpossible});
  const Tensor times = graph::constant(graph::arange(1, steps).astype(int32));
  const Tensor reached = scan(
                             [&](const Tensors& carry, const Tensors& x) -> StepResult {
                               const Tensor& before = carry[0];
                               Tensor next = before;
                               if (labels > 0) {
                                 const Tensor skipped = where(may_skip, from_before(before, 2), number(kImpossible));
                                 next = logaddexp(logaddexp(before, from_before(before, 1)), skipped);
                               }
                               return {{where(greater(last_step, x[1]), next + x[0], before)}, {}};
                             },
                             {begun}, {slice(by_step, 0, 1, steps), times})
                             .carry[0];
  const Tensor end = 2 * column(cast(target_length, int32));
  const Tensor total = logaddexp(at_state(reached, end), at_state(reached, end - 1));
  const Tensor possible = logical_not(less(total, number(kImpossible / 2)));
  return where(possible, -total, number(std::numeric_limits<double>::infinity()));
}

}  // namespace cornu::ops
