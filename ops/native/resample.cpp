// y_r = sum over c of w_rc x_c along one axis. The weights are few for each r, and depend only on how many points there
// are; the gradient is the same op with the matrix of weights transposed.
#include "cornu/ops/native/resample.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/clones.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/taps.h"
#include "cornu/ops/native/gather.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;
using internal::Interpolation;
using internal::Taps;

// Rows of y, counted through all outer positions: sums of rows of x, `columns` for each outer position.
CORNU_CLONES void sum_rows(const Taps& taps, std::int64_t columns, std::int64_t inner, std::int64_t begin,
                           std::int64_t end, const float* x, float* y) {
  const std::int64_t rows = taps.rows();
  for (std::int64_t row = begin; row < end; ++row) {
    const float* from = x + row / rows * columns * inner;
    float* to = y + row * inner;
    const std::int64_t* bounds = taps.begin.data() + row % rows;
    if (inner == 1) {
      float sum = 0;
      for (std::int64_t i = bounds[0]; i < bounds[1]; ++i) sum += taps.weights[i] * from[taps.columns[i]];
      *to = sum;
      continue;
    }
    std::fill_n(to, inner, 0.f);
    for (std::int64_t i = bounds[0]; i < bounds[1]; ++i) {
      const float weight = taps.weights[i];
      const float* source = from + taps.columns[i] * inner;
      for (std::int64_t k = 0; k < inner; ++k) to[k] += weight * source[k];
    }
  }
}

struct Resample final : Op {
  int axis = 0;
  std::int64_t length = 1;
  Interpolation interpolation = Interpolation::bilinear;
  bool antialias = false;
  bool transposed = false;  ///< the gradient of a resampling that makes as many points of `length` as there are here
  std::string_view name() const override { return "resample"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("length", length);
    f("interpolation", internal::name_of(interpolation));
    f("antialias", antialias);
    f("transposed", transposed);
  }
  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
    return {{in[0].dtype, in[0].shape.with(internal::normalize(name(), axis, in[0].shape), length)}};
  }
  Tensors gradient(const Backward& b) const override {
    auto op = std::make_shared<Resample>(*this);
    op->length = b.x().shape()[axis];
    op->transposed = !transposed;
    return {graph::apply1(std::move(op), {b.dy()})};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold from(r.in[0].shape, axis);
    auto weights = std::make_shared<const Taps>(
        transposed ? internal::taps(interpolation, antialias, length, from.length).transposed(length)
                   : internal::taps(interpolation, antialias, from.length, length));
    const auto work = static_cast<std::int64_t>(weights->columns.size()) * from.outer * from.inner;
    return Kernel::native(r.parts(work), [from, weights](const graph::Call& c) {
      c.share(from.outer * weights->rows(), [&](std::int64_t begin, std::int64_t end) {
        sum_rows(*weights, from.length, from.inner, begin, end, c.in<float>(), c.out<float>());
      });
    });
  }
};
const bool resample_registered = graph::register_op<Resample>();

}  // namespace

Tensor resample(const Tensor& x, int axis, std::int64_t length, const ResampleConfig& config) {
  axis = internal::normalize("resample", axis, x.shape());
  const Interpolation interpolation = internal::interpolation_of("resample: ", config.interpolation);
  const std::int64_t before = x.shape()[axis];
  require<ValueError>(length > 0, "resample: expected a length of at least 1, got ", length);
  require<ShapeError>(before > 0, "resample: axis ", axis, " of shape ", x.shape(), " is empty");
  if (length == before) return x;
  if (interpolation == Interpolation::nearest && !graph::is_floating(x.dtype())) {
    const std::vector<std::int64_t> columns = internal::taps(interpolation, false, before, length).columns;
    graph::Array indices = graph::empty({length}, graph::int64);
    std::copy(columns.begin(), columns.end(), indices.data<std::int64_t>());
    return take(x, graph::constant(indices), axis);
  }
  auto op = std::make_shared<Resample>();
  op->axis = axis;
  op->length = length;
  op->interpolation = interpolation;
  op->antialias = config.antialias;
  return graph::apply1(std::move(op), {x});
}

}  // namespace cornu::ops
