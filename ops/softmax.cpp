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
constexpr std::int64_t kShortRow = 16;
constexpr std::int64_t kBlock = 256;  // elements whose exponentials are summed in float32
constexpr float kLeast = -std::numeric_limits<float>::infinity();
const volatile float kNothing = internal::kNothing;  // see exp_nonpositive

/// Up to kColumns softmaxes whose elements lie `step` apart. A NaN in one spoils that one.
template <bool Log>
CORNU_INLINE inline void normalise_columns(const float* x, float* y, std::int64_t length, std::int64_t step,
                                           std::int64_t columns) {
  float largest[kColumns], factor[kColumns];
  double total[kColumns];
  const float nothing = kNothing;
  std::fill_n(largest, columns, kLeast);
  std::fill_n(total, columns, 0);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j) largest[j] = std::max(largest[j], x[i * step + j]);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      const float shifted = x[i * step + j] - largest[j], e = internal::exp_nonpositive(shifted, nothing);
      total[j] += e;
      y[i * step + j] = Log ? shifted : e;
    }
  for (std::int64_t j = 0; j < columns; ++j) factor[j] = static_cast<float>(Log ? std::log(total[j]) : 1 / total[j]);
  for (std::int64_t i = 0; i < length; ++i)
    for (std::int64_t j = 0; j < columns; ++j)
      y[i * step + j] = Log ? y[i * step + j] - factor[j] : y[i * step + j] * factor[j];
}

/// One softmax of neighbouring elements, a loop for each step of it.
template <bool Log>
CORNU_INLINE inline void normalise_row(const float* x, float* y, std::int64_t length) {
  const float nothing = kNothing;
  float largest = kLeast;
  // std::max, which takes addresses, does not become vector code.
#pragma omp simd reduction(max : largest)
  for (std::int64_t i = 0; i < length; ++i) largest = largest < x[i] ? x[i] : largest;
  double total = 0;
  for (std::int64_t begin = 0; begin < length; begin += kBlock) {
    const std::int64_t end = std::min(begin + kBlock, length);
    float e[kBlock], sum = 0;
    for (std::int64_t i = begin; i < end; ++i) {
      const float shifted = x[i] - largest;
      e[i - begin] = internal::exp_nonpositive(shifted, nothing);
      y[i] = Log ? shifted : e[i - begin];
    }
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = 0; i < end - begin; ++i) sum += e[i];
    total += sum;
  }
  const float factor = static_cast<float>(Log ? std::log(total) : 1 / total);
  for (std::int64_t i = 0; i < length; ++i) y[i] = Log ? y[i] - factor : y[i] * factor;
}

/// Rows that are shorter than a vector are laid side by side as columns.
template <bool Log>
CORNU_INLINE inline void normalise_short_rows(const float* x, float* y, std::int64_t rows, std::int64_t length) {
  float columns[kShortRow * kColumns];
  for (; rows > 0; rows -= kColumns, x += kColumns * length, y += kColumns * length) {
    const std::int64_t n = std::min(rows, kColumns);
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < length; ++i) columns[i * kColumns + j] = x[j * length + i];
    normalise_columns<Log>(columns, columns, length, kColumns, n);
    for (std::int64_t j = 0; j < n; ++j)
      for (std::int64_t i = 0; i < length; ++i) y[j * length + i] = columns[i * kColumns + j];
  }
}

template <bool Log>
CORNU_INLINE inline void normalise_rows(const float* x, float* y, std::int64_t rows, std::int64_t length) {
  if (length <= kShortRow) return normalise_short_rows<Log>(x, y, rows, length);
  for (std::int64_t row = 0; row < rows; ++row) normalise_row<Log>(x + row * length, y + row * length, length);
}

// A template cannot be compiled for several processors.
CORNU_CLONES void softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t length) {
  normalise_rows<false>(x, y, rows, length);
}
CORNU_CLONES void log_softmax_rows(const float* x, float* y, std::int64_t rows, std::int64_t length) {
  normalise_rows<true>(x, y, rows, length);
}
CORNU_CLONES void softmax_columns(const float* x, float* y, std::int64_t length, std::int64_t step, std::int64_t n) {
  normalise_columns<false>(x, y, length, step, n);
}
CORNU_CLONES void log_softmax_columns(const float* x, float* y, std::int64_t length, std::int64_t step,
                                      std::int64_t n) {
  normalise_columns<true>(x, y, length, step, n);
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
    if (fold.inner == 1)
      return c.share(fold.outer, [&](std::int64_t begin, std::int64_t end) {
        const std::int64_t at = begin * fold.length;
        (Log ? log_softmax_rows : softmax_rows)(c.in<float>() + at, c.out<float>() + at, end - begin, fold.length);
      });
    const std::int64_t strips = (fold.inner + kColumns - 1) / kColumns;
    c.share(fold.outer * strips, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t unit = begin; unit < end; ++unit) {
        const std::int64_t column = unit % strips * kColumns, at = unit / strips * fold.length * fold.inner + column;
        (Log ? log_softmax_columns : softmax_columns)(c.in<float>() + at, c.out<float>() + at, fold.length, fold.inner,
                                                      std::min(kColumns, fold.inner - column));
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
    if (fold.inner != 1 || fold.length <= kShortRow || fold.length > kLongRow || fold.elements() == 0)
      return native_softmax<false>(r, along);
    bool fast = true;  // than the loops above: not for AVX2
    auto kernel =
        onednn::kernel(name(), r.parts(fold.elements() * kCost), fold.outer, [&](std::int64_t begin, std::int64_t end) {
          const onednn::MemoryDesc data(Shape{end - begin, fold.length});
          auto desc = onednn::describe(
              name(), CORNU_ONEDNN(dnnl_softmax_v2_forward_desc_init, dnnl_softmax_forward_primitive_desc_create),
              onednn::attributes(name()), dnnl_forward_inference, dnnl_softmax_accurate, data.get(), data.get(), 1);
          fast = fast && onednn::implementation(desc.get()).starts_with("jit:avx512");
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
