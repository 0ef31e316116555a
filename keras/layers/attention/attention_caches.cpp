#include "cornu/keras/layers/attention/attention_caches.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/read_scope.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {

using graph::require;

namespace {

Tensor numbered(std::int64_t n) { return graph::constant(graph::arange(0, static_cast<double>(n), 1, graph::int32)); }

}  // namespace

AttentionCaches::AttentionCaches(std::int64_t max_length) : max_length_(max_length) {
  require<graph::ValueError>(max_length >= 1, "AttentionCaches: expected a max_length of at least 1, got ", max_length);
  position_ = Variable(graph::zeros({}, graph::int32), "attention_caches/position", false);
}
AttentionCaches::~AttentionCaches() = default;

std::int64_t AttentionCaches::length() const { return position_.value().item<std::int32_t>(); }

// What was read before this computation moved it on.
Tensor AttentionCaches::position(const Context&) const {
  const graph::ReadScope as_it_is({});
  return Tensor(position_);
}

void AttentionCaches::reset() {
  position_.assign(graph::zeros({}, graph::int32));
  caches_.clear();
}

void AttentionCaches::begin(Context& ctx, std::int64_t steps) {
  require<graph::ShapeError>(steps >= 1 && steps <= max_length_, "AttentionCaches: expected from 1 to ", max_length_,
                             " steps, got ", steps);
  steps_ = steps;
  calls_.clear();
  ctx.lend(*this);
  ctx.update(position_, position(ctx) + graph::constant(static_cast<double>(steps), graph::int32));
}

AttentionCaches::Extended AttentionCaches::extend(const Layer& layer, const Tensor& key, const Tensor& value,
                                                  std::int64_t sliding_window, Context& ctx) {
  require<graph::ShapeError>(key.shape()[1] == steps_, "its caches expect ", steps_, " steps, got ", key.shape()[1]);
  std::vector<Cache>& known = caches_[&layer];
  const std::size_t call = calls_[&layer]++;
  if (call == known.size()) {
    const auto made = [&](const Tensor& x, const char* name) {
      return Variable(graph::zeros(x.shape().with(1, max_length_), x.dtype()), name, false);
    };
    known.push_back({made(key, "attention_caches/key"), made(value, "attention_caches/value")});
  }
  const Cache& cache = known[call];
  require<graph::ShapeError>(cache.key.shape() == key.shape().with(1, max_length_), "its cache is for keys ",
                             cache.key.shape(), " of ", max_length_, " steps, got ", key.shape(),
                             ": reset the caches before another batch");

  const Tensor slots = numbered(max_length_), start = position(ctx);
  const Tensor place = slots - start;  // among the new steps
  const Tensor zero = graph::constant(0, graph::int32),
               steps = graph::constant(static_cast<double>(steps_), graph::int32);
  const Tensor is_new =
      ops::reshape(ops::logical_and(ops::greater_equal(place, zero), ops::less(place, steps)), {1, max_length_, 1, 1});
  const Tensor from = ops::minimum(ops::maximum(place, zero), steps - graph::constant(1, graph::int32));
  const auto extended = [&](const Variable& variable, const Tensor& x) {
    const graph::ReadScope as_it_is({});
    const Tensor all = ops::where(is_new, steps_ == 1 ? x : ops::take(x, from, 1), Tensor(variable));
    ctx.update(variable, all);
    return all;
  };
  const Tensor here = ops::reshape(start + numbered(steps_), {steps_, 1}),
               there = ops::reshape(slots, {1, max_length_});
  Tensor mask = ops::less_equal(there, here);
  if (sliding_window > 0)
    mask = ops::logical_and(
        mask, ops::greater(there, here - graph::constant(static_cast<double>(sliding_window), graph::int32)));
  return {extended(cache.key, key), extended(cache.value, value), mask};
}

Tensor positions(const Context& ctx, std::int64_t steps) {
  const auto* caches = ctx.lent<AttentionCaches>();
  return caches ? caches->position(ctx) + numbered(steps) : numbered(steps);
}

}  // namespace cornu::keras::layers
