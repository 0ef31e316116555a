#include "cornu/ops/softmax.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/clones.h"
#include "cornu/ops/internal/exp.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/onednn/kernel.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace {

constexpr std::int64_t kCost = 4;      // of an element, next to a sum
constexpr std::int64_t kColumns = 64;  // neighbours that are normalised side by side
constexpr float kLeast = -std::numeric_limits<float>::infinity();

/// Up to kColumns softmaxes whose elements lie `step` apart. A NaN in one spoils that one.
template <bool Log>
void normalise_columns(const float* x, float* y, std::int64_t length, std::int64_t step, std::int64_t columns) {
  float largest[kColumns], factor[kColumns];
  double total[kColumns];
  std::fill_n(largest, columns, kLeast);
  std::fill_n(total, columns, 0);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j) largest[j] = std::max(largest[j], x[i * step + j]);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      const float shifted = x[i * step + j] - largest[j], e = internal::exp_nonpositive(shifted);
      total[j] += e;
      y[i * step + j] = Log ? shifted : e;
    }
  for (std::int64_t j = 0; j < columns; ++j) factor[j] = static_cast<float>(Log ? std::log(total[j]) : 1 / total[j]);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      y[i * step + j] = Log ? y[i * step + j] - factor[j] : y[i * step + j] * factor[j];
}

/// One softmax of neighbouring elements; sums and maxima run in lanes, which the compiler makes vectors of.
template <bool Log>
void normalise_row(const float* x, float* y, std::int64_t length) {
  constexpr std::int64_t kLanes = 16;
  const std::int64_t whole = length / kLanes * kLanes;
  float lanes[kLanes], largest = kLeast;
  std::fill_n(lanes, kLanes, kLeast);
  for (std::int64_t i = 0; i < whole; i += kLanes)
    for (std::int64_t j = 0; j < kLanes; ++j) lanes[j] = std::max(lanes[j], x[i + j]);
  for (float lane : lanes) largest = std::max(largest, lane);
  for (std::int64_t i = whole; i < length; ++i) largest = std::max(largest, x[i]);

  double sums[kLanes] = {}, total = 0;
  const auto put = [&](std::int64_t i) {
    const float shifted = x[i] - largest, e = internal::exp_nonpositive(shifted);
    y[i] = Log ? shifted : e;
    return e;
  };
  for (std::int64_t i = 0; i < whole; i += kLanes)
    for (std::int64_t j = 0; j < kLanes; ++j) sums[j] += put(i + j);
  for (std::int64_t i = whole; i < length; ++i) total += put(i);
  for (double sum : sums) total += sum;
  const float factor = static_cast<float>(Log ? std::log(total) : 1 / total);
  for (std::int64_t i = 0; i < length; ++i) y[i] = Log ? y[i] - factor : y[i] * factor;
}

CORNU_CLONES bool any_nan(const float* y, std::int64_t n) {
  std::uint32_t largest = 0;  // bits without the sign: those of NaN are above infinity's
#pragma omp simd reduction(max : largest)
  for (std::int64_t i = 0; i < n; ++i) largest = std::max(largest, std::bit_cast<std::uint32_t>(y[i]) & 0x7fffffffu);
  return largest > 0x7f800000u;
}

/// Rows in which one probability is NaN become NaN: of a row with an infinity oneDNN makes NaN there and 0 elsewhere.
void spoil_rows(float* y, std::int64_t rows, std::int64_t length) {
  if (!any_nan(y, rows * length)) return;
  for (float* row = y; row < y + rows * length; row += length)
    if (any_nan(row, length)) std::fill_n(row, length, std::numeric_limits<float>::quiet_NaN());
}

template <bool Log>
Kernel native_softmax(const PlanRequest& r, int axis) {
  const internal::Fold fold(r.in[0].shape, axis);
  return Kernel::native(r.parts(fold.elements() * kCost), [fold](const graph::Call& c) {
    const std::int64_t strips = (fold.inner + kColumns - 1) / kColumns;
    c.share(fold.outer * strips, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t unit = begin; unit < end; ++unit) {
        const std::int64_t column = unit % strips * kColumns, at = unit / strips * fold.length * fold.inner + column;
        const float* x = c.in<float>() + at;
        float* y = c.out<float>() + at;
        if (fold.inner == 1)
          normalise_row<Log>(x, y, fold.length);
        else
          normalise_columns<Log>(x, y, fold.length, fold.inner, std::min(kColumns, fold.inner - column));
      }
    });
  });
}

Specs infer_softmax(std::string_view op, const Specs& in, int axis) {
  internal::require_computed(op, in[0]);
  internal::normalize(op, axis, in[0].shape);
  return {in[0]};
}

struct Softmax final : Op {
  int axis = -1;
  std::string_view name() const override { return "softmax"; }
  void fields(FieldVisitor& f) const override { f("axis", axis); }
  Specs infer(const Specs& in) const override { return infer_softmax(name(), in, axis); }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    return {(dy - sum(dy * y, axis, keepdims)) * y};
  }
  Kernel plan(const PlanRequest& r) const override {
    const int along = internal::normalize(name(), axis, r.in[0].shape);
    const internal::Fold fold(r.in[0].shape, along);
    constexpr std::int64_t kLongRow = 8192;  // oneDNN's running totals lose digits beyond
    if (fold.inner != 1 || fold.length > kLongRow || fold.elements() == 0) return native_softmax<false>(r, along);
    bool fast = true;  // its plain loops are slow
    auto kernel =
        onednn::kernel(name(), r.parts(fold.elements() * kCost), fold.outer, [&](std::int64_t begin, std::int64_t end) {
          const onednn::MemoryDesc data(Shape{end - begin, fold.length});
          auto desc = onednn::softmax(name(), data, 1);
          fast = fast && onednn::implementation(desc.get()).starts_with("jit");
          return onednn::Piece{std::move(desc),
                               {{DNNL_ARG_SRC, data, 0, false, begin * fold.length},
                                {DNNL_ARG_DST, data, 0, true, begin * fold.length}}};
        });
    if (!fast) return native_softmax<false>(r, along);
    kernel.make = [make = std::move(kernel.make), fold]() -> graph::Launch {
      return [launch = make(), fold](const graph::Call& c) {
        launch(c);
        c.share(fold.outer, [&](std::int64_t begin, std::int64_t end) {
          spoil_rows(c.out<float>() + begin * fold.length, end - begin, fold.length);
        });
      };
    };
    return kernel;
  }
};

// oneDNN's logarithm is off by 1.4e-6 where it should be 0, just where a confident prediction's loss is read: a loop
// for every axis.
struct LogSoftmax final : Op {
  int axis = -1;
  std::string_view name() const override { return "log_softmax"; }
  void fields(FieldVisitor& f) const override { f("axis", axis); }
  Specs infer(const Specs& in) const override { return infer_softmax(name(), in, axis); }
  Tensors gradient(const Backward& b) const override {
    auto [x, y, dy] = b.unary();
    return {dy - exp(y) * sum(dy, axis, keepdims)};
  }
  Kernel plan(const PlanRequest& r) const override {
    return native_softmax<true>(r, internal::normalize(name(), axis, r.in[0].shape));
  }
};

const bool softmax_registered = graph::register_op<Softmax>() && graph::register_op<LogSoftmax>();

template <class T>
Tensor along(const Tensor& x, int axis) {
  auto op = std::make_shared<T>();
  op->axis = axis;
  return graph::apply1(std::move(op), {x});
}

}  // namespace

Tensor softmax(const Tensor& x, int axis) { return along<Softmax>(x, axis); }
Tensor log_softmax(const Tensor& x, int axis) { return along<LogSoftmax>(x, axis); }

}  // namespace cornu::ops
