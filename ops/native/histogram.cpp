#include "cornu/ops/native/histogram.h"

#include <new>
#include <numeric>

#include "cornu/graph/array/internal/histogram_counter.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"

namespace cornu::ops {
namespace {

struct HistogramOp final : Op, TakesBFloat16 {
  int bins = 30;
  std::string_view name() const override { return "histogram"; }
  void fields(FieldVisitor& f) const override { f("bins", bins); }
  Specs infer(const Specs&) const override {
    graph::require<ValueError>(bins >= 1 && bins <= graph::kMaxBins, "histogram: expected 1 to ", graph::kMaxBins,
                               " bins, got ", bins);
    return {{float64, {bins + 1}}, {int64, {bins}}, {int64, {2}}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    using Counter = graph::internal::HistogramCounter;
    const std::int64_t n = r.in[0].shape.elements();
    const int parts = r.parts(4 * n);
    // Each part counts its section; the first one then joins the counts.
    Kernel kernel = Kernel::native(parts, [n, bins = bins, spec = r.in[0]](const graph::Call& c) {
      auto* const counters = static_cast<Counter*>(c.scratch);
      if (c.phase == 0) {
        auto* const own = new (counters + c.part) Counter;
        c.share(n, [&](std::int64_t begin, std::int64_t end) {
          own->add(c.in<char>() + begin * static_cast<std::int64_t>(size_of(spec.dtype)), spec.dtype, end - begin);
        });
      } else if (c.part == 0) {
        for (int i = 1; i < c.parts; ++i) counters[0].merge(counters[i]);
        counters[0].read(bins, c.out<double>(0), c.out<std::int64_t>(1));
        c.out<std::int64_t>(2)[0] = counters[0].nan();
        c.out<std::int64_t>(2)[1] = counters[0].infinite();
      }
    });
    kernel.phases = 2;
    kernel.scratch = static_cast<std::size_t>(parts) * sizeof(Counter);
    return kernel;
  }
};
const bool histogram_registered = graph::register_op<HistogramOp>();

}  // namespace

Tensors histogram(const Tensor& x, int bins) {
  auto op = std::make_shared<HistogramOp>();
  op->bins = bins;
  return graph::apply(std::move(op), {x});
}

graph::Histogram histogram_of(const graph::Array& edges, const graph::Array& counts, const graph::Array& others) {
  graph::Histogram h;
  h.nan = others.data<std::int64_t>()[0];
  h.infinite = others.data<std::int64_t>()[1];
  const auto numbers = counts.span<std::int64_t>();
  if (std::accumulate(numbers.begin(), numbers.end(), std::int64_t{0}) == 0) return h;
  h.edges.assign(edges.span<double>().begin(), edges.span<double>().end());
  h.counts.assign(numbers.begin(), numbers.end());
  return h;
}

}  // namespace cornu::ops
