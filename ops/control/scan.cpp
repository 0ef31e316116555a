#include "cornu/ops/control/scan.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/scan_op.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {
namespace {

using graph::require;

std::int64_t length_of(const Tensors& xs, std::int64_t length) {
  for (std::size_t i = 0; i < xs.size(); ++i) {
    require<ValueError>(xs[i].defined(), "scan: sequence ", i, " is an undefined tensor");
    require<ShapeError>(xs[i].ndim() > 0, "scan: sequence ", i, " needs an axis of steps, got shape ", xs[i].shape());
    const std::int64_t found = xs[i].shape()[0];
    require<ShapeError>(length < 0 || found == length, "scan: sequence ", i, " has ", found, " steps, expected ",
                        length, " (shape ", xs[i].shape(), ")");
    length = found;
  }
  require<ValueError>(length >= 0, "scan: expected sequences or a length");
  return length;
}

/// A step as it is described, with a tensor for each thing that it reads.
internal::LoopParts trace(const StepFunction& f, const Tensors& init, const Tensors& xs, std::int64_t length,
                          bool reverse) {
  internal::LoopParts parts{.length = length, .reverse = reverse};
  Tensors carry, x;
  const auto bind = [&](const Tensor& outer, const graph::Spec& spec, Tensors& list, auto& bindings) {
    list.push_back(graph::parameter(static_cast<int>(carry.size() + x.size()), spec));
    bindings.push_back({list.back(), outer});
  };
  for (std::size_t i = 0; i < init.size(); ++i) {
    require<ValueError>(init[i].defined(), "scan: carry ", i, " is an undefined tensor");
    bind(init[i], init[i].spec(), carry, parts.carries);
  }
  for (const Tensor& each : xs) bind(each, {each.dtype(), each.shape().drop_front(1)}, x, parts.sequences);
  parts.begin = graph::constant(0, graph::float32).node().id();
  if (!carry.empty())
    parts.begin = carry[0].node().id();
  else if (!x.empty())
    parts.begin = x[0].node().id();

  StepResult result = f(carry, x);
  require<ValueError>(result.carry.size() == init.size(), "scan: f must give ", init.size(), " carries, got ",
                      result.carry.size());
  for (std::size_t i = 0; i < init.size(); ++i) {
    require<ValueError>(result.carry[i].defined(), "scan: f gives an undefined tensor as carry ", i);
    require<ShapeError>(result.carry[i].spec() == init[i].spec(), "scan: f must give carry ", i, " as it got it, ",
                        init[i].spec(), ", got ", result.carry[i].spec());
  }
  for (std::size_t i = 0; i < result.y.size(); ++i)
    require<ValueError>(result.y[i].defined(), "scan: f gives an undefined tensor as output ", i);
  parts.next = std::move(result.carry);
  parts.outputs = std::move(result.y);
  return parts;
}

ScanResult split(Tensors made, std::size_t carries) {
  const auto middle = made.begin() + static_cast<std::ptrdiff_t>(carries);
  return {Tensors(made.begin(), middle), Tensors(middle, made.end())};
}

}  // namespace

ScanResult scan(const StepFunction& f, const Tensors& init, const Tensors& xs, const ScanConfig& config) {
  require<ValueError>(config.unroll.all() || config.unroll.steps() >= 1,
                      "scan: unroll must be true, false or at least ", "1, got ", config.unroll.steps());
  const std::int64_t length = length_of(xs, config.length), turn = config.unroll.steps();
  if (config.unroll.all() || (turn > 1 && turn >= length))
    return split(internal::unrolled(trace(f, init, xs, length, config.reverse)), init.size());
  if (turn == 1) {
    const internal::Loop loop(trace(f, init, xs, length, config.reverse), true);
    return {loop.carries(), loop.outputs()};
  }

  // A loop over turns of several steps; those that are left over come behind them, in the order of the sequences.
  const std::int64_t turns = length / turn, whole = turns * turn;
  const auto part = [&](std::int64_t begin, std::int64_t end) {
    Tensors list;
    for (const Tensor& x : xs) list.push_back(slice(x, 0, begin, end));
    return list;
  };
  const auto rest = [&](const Tensors& carry) {
    return scan(f, carry, part(whole, length), {.length = length - whole, .reverse = config.reverse, .unroll = true});
  };
  const auto loop = [&](const Tensors& carry) {
    Tensors turned;
    for (const Tensor& x : part(0, whole)) turned.push_back(reshape(x, x.shape().with(0, turn).insert(0, turns)));
    const auto several = [&](const Tensors& state, const Tensors& x) {
      ScanResult made = scan(f, state, x, {.length = turn, .reverse = config.reverse, .unroll = true});
      return StepResult{std::move(made.carry), std::move(made.ys)};
    };
    ScanResult made = scan(several, carry, turned, {.length = turns, .reverse = config.reverse});
    for (Tensor& y : made.ys) y = reshape(y, y.shape().drop_front(1).with(0, whole));
    return made;
  };
  ScanResult first = config.reverse ? rest(init) : loop(init);
  ScanResult second = config.reverse ? loop(first.carry) : rest(first.carry);
  const Tensors &begin = config.reverse ? second.ys : first.ys, &end = config.reverse ? first.ys : second.ys;
  for (std::size_t i = 0; i < begin.size(); ++i) first.ys[i] = concatenate({begin[i], end[i]}, 0);
  return {std::move(second.carry), std::move(first.ys)};
}

}  // namespace cornu::ops
