#include "cornu/ops/moments.h"

#include <algorithm>
#include <cstdint>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/clones.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/reduce.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {
namespace {

using internal::ReducePass;

constexpr std::int64_t kWidth = 64;  // columns that are looked at side by side

/// Rows of a block, which stays in the first cache between the pass for its mean and that for its deviations.
std::int64_t block_of(const ReducePass& pass) {
  return std::max<std::int64_t>(8192 / std::min(pass.inner, kWidth), 128);
}
std::int64_t blocks_of(const ReducePass& pass) { return (pass.length + block_of(pass) - 1) / block_of(pass); }

/// Sums of `of(x, column)` in columns of rows that follow one another. A row shorter than the width is put beside
/// others, for the width is what the compiler makes vectors of.
template <class F>
CORNU_INLINE inline void add_up(const float* x, std::int64_t rows, std::int64_t columns, std::int64_t step, float* sum,
                                F&& of) {
  std::int64_t row = 0;
  std::fill_n(sum, columns, 0.f);
  if (step == columns && kWidth % columns == 0) {
    const std::int64_t beside = kWidth / columns;
    float wide[kWidth] = {};
    // Four at a time: the sums are loaded and stored for each of these steps.
    for (; row + 4 * beside <= rows; row += 4 * beside) {
      const float *a = x + row * columns, *b = a + kWidth, *c = b + kWidth, *d = c + kWidth;
      for (std::int64_t j = 0; j < kWidth; ++j) wide[j] += (of(a[j], j) + of(b[j], j)) + (of(c[j], j) + of(d[j], j));
    }
    for (; row + beside <= rows; row += beside)
      for (std::int64_t j = 0; j < kWidth; ++j) wide[j] += of(x[row * columns + j], j);
    for (std::int64_t k = 0; k < kWidth; k += columns)
      for (std::int64_t j = 0; j < columns; ++j) sum[j] += wide[k + j];
  }
  for (; row < rows; ++row)
    for (std::int64_t j = 0; j < columns; ++j) sum[j] += of(x[row * step + j], j);
}

/// Mean and sum of squared deviations of at most kWidth columns.
CORNU_CLONES void moments_of(const float* x, std::int64_t rows, std::int64_t columns, std::int64_t step, float* mean,
                             float* squares) {
  add_up(x, rows, columns, step, mean, [](float v, std::int64_t) CORNU_INLINE { return v; });
  for (std::int64_t j = 0; j < columns; ++j) mean[j] /= static_cast<float>(rows);
  float center[kWidth];
  for (std::int64_t k = 0; k + columns <= kWidth; k += columns)
    for (std::int64_t j = 0; j < columns; ++j) center[k + j] = mean[j];
  add_up(x, rows, columns, step, squares, [&](float v, std::int64_t j) CORNU_INLINE {
    const float d = v - center[j];
    return d * d;
  });
}

/// Mean and variance over neighbouring axes, which stay with length 1.
struct MomentsOp final : Op {
  std::vector<int> axes;  // from the front, sorted

  std::string_view name() const override { return "moments"; }
  void fields(FieldVisitor& f) const override { f("axes", axes); }

  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
    Shape kept = in[0].shape;
    for (const int axis : axes) kept[axis] = 1;
    return {{in[0].dtype, kept}, {in[0].dtype, kept}};
  }

  // The mean by which the variance is taken does not move it: the deviations from it add up to 0.
  Tensors gradient(const Backward& b) const override {
    double count = 1;
    for (const int axis : axes) count *= static_cast<double>(b.x().shape()[axis]);
    Tensor dx;
    if (b.dy(1).defined()) dx = (b.x() - b.y(0)) * (b.dy(1) * (2 / count));
    if (!b.dy(0).defined()) return {dx};
    const Tensor share = b.dy(0) * (1 / count);
    return {dx.defined() ? dx + share : broadcast_to(share, b.x().shape())};
  }

  Kernel plan(const PlanRequest& r) const override {
    const auto passes = internal::reduce_passes(r.in[0].shape, axes);
    const ReducePass pass = passes.front();
    const std::int64_t strips = (pass.inner + kWidth - 1) / kWidth, blocks = blocks_of(pass),
                       units = pass.outer * blocks * strips, results = pass.outer * pass.inner;
    Kernel kernel = Kernel::native(r.parts(2 * r.in[0].shape.elements()), [=](const graph::Call& c) {
      float* const means = static_cast<float*>(c.scratch);
      float* const squares = means + results * blocks;
      if (c.phase == 0)
        c.share(units, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t unit = begin; unit < end; ++unit) {
            const std::int64_t strip = unit % strips, b = unit / strips % blocks, o = unit / strips / blocks,
                               first = b * block_of(pass), rows = std::min(block_of(pass), pass.length - first),
                               column = strip * kWidth, to = (o * blocks + b) * pass.inner + column;
            moments_of(c.in<float>() + (o * pass.length + first) * pass.inner + column, rows,
                       std::min(kWidth, pass.inner - column), pass.inner, means + to, squares + to);
          }
        });
      else
        c.share(results, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) put_together(pass, means, squares, i, c);
        });
    });
    kernel.phases = 2;
    kernel.scratch = static_cast<std::size_t>(2 * results * blocks) * sizeof(float);
    return kernel;
  }

 private:
  /// The blocks' results of one column, in their order: Chan, Golub and LeVeque, "Updating formulae and a pairwise
  /// algorithm for computing sample variances" (1979).
  static void put_together(const ReducePass& pass, const float* means, const float* squares, std::int64_t i,
                           const graph::Call& c) {
    const std::int64_t blocks = blocks_of(pass), first = i / pass.inner * blocks * pass.inner + i % pass.inner;
    const auto rows = [&](std::int64_t b) {
      return static_cast<double>(std::min(block_of(pass), pass.length - b * block_of(pass)));
    };
    double sum = 0, deviations = 0;
    for (std::int64_t b = 0; b < blocks; ++b) sum += rows(b) * static_cast<double>(means[first + b * pass.inner]);
    const double mean = sum / static_cast<double>(pass.length);
    for (std::int64_t b = 0; b < blocks; ++b) {
      const double apart = static_cast<double>(means[first + b * pass.inner]) - mean;
      deviations += static_cast<double>(squares[first + b * pass.inner]) + rows(b) * apart * apart;
    }
    c.out<float>(0)[i] = static_cast<float>(mean);
    c.out<float>(1)[i] = static_cast<float>(deviations / static_cast<double>(pass.length));
  }
};

const bool moments_registered = graph::register_op<MomentsOp>();

}  // namespace

Moments moments(const Tensor& x, const AxesOrAll& axis, KeepDims keep) {
  const std::vector<int> axes = axis.of("moments", x.shape());
  Moments m;
  if (internal::reduce_passes(x.shape(), axes).size() == 1 && x.shape().elements() > 0) {
    auto op = std::make_shared<MomentsOp>();
    op->axes = axes;
    const Tensors both = graph::apply(std::move(op), {x});
    m = {both[0], both[1]};
  } else {
    m.mean = mean(x, axes, keepdims);
    m.variance = mean(square(x - m.mean), axes, keepdims);
  }
  return keep == KeepDims::yes ? m : Moments{squeeze(m.mean, axes), squeeze(m.variance, axes)};
}

}  // namespace cornu::ops
