#include "cornu/ops/internal/reduce.h"

#include <algorithm>

#include "cornu/ops/internal/clones.h"

namespace cornu::ops::internal {
namespace {

constexpr std::int64_t kReduceLanes =
    32;  // independent accumulators of a row: whole vectors, whatever the compiler makes of them
constexpr std::int64_t kShortRow = 16;  // rows of fewer elements cost less than what is around them
constexpr std::int64_t kColumns = 256;  // neighbouring columns that are folded together

template <class Combine, class T = typename Combine::Value>
T fold_row(const T* x, std::int64_t n) {
  T lanes[kReduceLanes];
  std::fill_n(lanes, kReduceLanes, Combine::kStart);
  const std::int64_t whole = n / kReduceLanes * kReduceLanes;
  for (std::int64_t i = 0; i < whole; i += kReduceLanes)
    for (std::int64_t j = 0; j < kReduceLanes; ++j) lanes[j] = Combine::combine(lanes[j], x[i + j]);
  for (std::int64_t j = 0; j < n - whole; ++j) lanes[j] = Combine::combine(lanes[j], x[whole + j]);
  for (std::int64_t half = kReduceLanes / 2; half > 0; half /= 2)
    for (std::int64_t j = 0; j < half; ++j) lanes[j] = Combine::combine(lanes[j], lanes[j + half]);
  return lanes[0];
}

template <class Combine, class T = typename Combine::Value>
void fold_short_rows(const graph::Call& c, const ReducePass& p, const T* x, T* y, T scale) {
  const std::int64_t n = p.length;
  c.share(p.outer, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      T total = Combine::kStart;
      for (std::int64_t i = row * n; i < row * n + n; ++i) total = Combine::combine(total, x[i]);
      y[row] = static_cast<T>(total * scale);
    }
  });
}

// What bias gradients are made of.
CORNU_CLONES void sum_columns(const float* x, float* y, std::int64_t rows, std::int64_t columns, std::int64_t step,
                              float scale) {
  float totals[kColumns];
  for (std::int64_t j = 0; j < columns; ++j) totals[j] = 0;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) totals[j] += x[i * step + j];
  for (std::int64_t j = 0; j < columns; ++j) y[j] = totals[j] * scale;
}

template <class Combine, class T = typename Combine::Value>
void fold_columns(const T* x, T* y, std::int64_t rows, std::int64_t columns, std::int64_t step, T scale) {
  if constexpr (std::is_same_v<Combine, SumOf<float>>) return sum_columns(x, y, rows, columns, step, scale);
  T totals[kColumns];
  std::fill_n(totals, columns, Combine::kStart);
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) totals[j] = Combine::combine(totals[j], x[i * step + j]);
  for (std::int64_t j = 0; j < columns; ++j) y[j] = static_cast<T>(totals[j] * scale);
}

// Folds blocks of `block` elements of the length each; y has (outer, blocks, inner) elements.
template <class Combine, class T = typename Combine::Value>
void fold_blocks(const graph::Call& c, const ReducePass& p, std::int64_t block, const T* x, T* y, T scale) {
  const std::int64_t blocks = p.length <= block ? 1 : (p.length + block - 1) / block,
                     strips = (p.inner + kColumns - 1) / kColumns;
  c.share(p.outer * blocks * strips, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t unit = begin; unit < end; ++unit) {
      const std::int64_t strip = unit % strips, b = unit / strips % blocks, o = unit / strips / blocks;
      const std::int64_t first = b * block, n = std::min(block, p.length - first), column = strip * kColumns;
      const T* from = x + (o * p.length + first) * p.inner + column;
      T* to = y + (o * blocks + b) * p.inner + column;
      if (p.inner == 1)
        *to = static_cast<T>(fold_row<Combine>(from, n) * scale);
      else
        fold_columns<Combine>(from, to, n, std::min(kColumns, p.inner - column), p.inner, scale);
    }
  });
}

}  // namespace

std::vector<ReducePass> reduce_passes(const graph::Shape& shape, const std::vector<int>& axes) {
  std::vector<bool> reduced(shape.size(), false);
  for (int axis : axes) reduced[axis] = true;
  std::vector<ReducePass> passes;
  std::int64_t inner = 1;  // what stays behind the axes at hand
  for (int axis = shape.rank() - 1; axis >= 0; --axis) {
    if (!reduced[axis]) {
      inner *= shape[axis];
      continue;
    }
    ReducePass pass{1, 1, inner};
    for (; axis >= 0 && (reduced[axis] || shape[axis] == 1); --axis) pass.length *= shape[axis];
    for (int before = axis; before >= 0; --before) pass.outer *= shape[before];
    passes.push_back(pass);
    ++axis;
  }
  return passes;
}

template <class Combine, class T>
void reduce(const graph::Call& c, const ReducePass& p, int phase, const T* x, T* y, T scale, T* partials) {
  if (p.inner == 1 && p.length < kShortRow) return fold_short_rows<Combine>(c, p, x, y, scale);
  if (p.phases() == 1) return fold_blocks<Combine>(c, p, p.block(), x, y, scale);
  if (phase == 0) return fold_blocks<Combine>(c, p, p.block(), x, partials, T(1));
  const ReducePass rest{p.outer, p.blocks(), p.inner};
  fold_blocks<Combine>(c, rest, rest.length, partials, y, scale);
}

#define CORNU_FOLD(Combine, T) \
  template void reduce<Combine<T>>(const graph::Call&, const ReducePass&, int, const T*, T*, T, T*)
CORNU_FOLD(SumOf, float);
CORNU_FOLD(SumOf, std::int64_t);
CORNU_FOLD(ProdOf, float);
CORNU_FOLD(ProdOf, std::int64_t);
CORNU_FOLD(MaxOf, bool);
CORNU_FOLD(MaxOf, float);
CORNU_FOLD(MaxOf, std::uint8_t);
CORNU_FOLD(MaxOf, std::int32_t);
CORNU_FOLD(MaxOf, std::int64_t);
CORNU_FOLD(MinOf, bool);
CORNU_FOLD(MinOf, float);
CORNU_FOLD(MinOf, std::uint8_t);
CORNU_FOLD(MinOf, std::int32_t);
CORNU_FOLD(MinOf, std::int64_t);
#undef CORNU_FOLD

}  // namespace cornu::ops::internal
