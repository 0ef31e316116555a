#include "cornu/ops/internal/attention_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "cornu/ops/internal/clones.h"
#include "cornu/ops/internal/exp.h"
#include "cornu/ops/internal/panel_product.h"
#include "cornu/ops/internal/product.h"

namespace cornu::ops::internal {
namespace {

constexpr std::int64_t kKeys = 64;         // of a block
constexpr std::int64_t kMostColumns = 64;  // of a panel
constexpr float kInfinity = std::numeric_limits<float>::infinity();
const volatile float kNothingHere = kNothing;  // see exp_nonpositive

// Panels have queries side by side as columns, so that what is done for each query is vector code: a block of scores is
// (keys, queries).

/// rows (n, width) -> their transpose (width, columns) times a factor, with zeros in further columns.
CORNU_CLONES void transpose_rows(const float* rows, std::int64_t row, std::int64_t n, std::int64_t width, float factor,
                                 float* panel, std::int64_t columns) {
  for (std::int64_t i = 0; i < width; ++i) {
    float* to = panel + i * columns;
    for (std::int64_t c = 0; c < n; ++c) to[c] = rows[c * row + i] * factor;
    for (std::int64_t c = n; c < columns; ++c) to[c] = 0;
  }
}

/// The other way round, each query's times a factor of its own.
CORNU_CLONES void store_columns(const float* panel, std::int64_t columns, std::int64_t n, std::int64_t width,
                                const float* factors, float* rows, std::int64_t row) {
  for (std::int64_t c = 0; c < n; ++c)
    for (std::int64_t i = 0; i < width; ++i) rows[c * row + i] = panel[i * columns + c] * factors[c];
}

/// rows (n, width) with zeros behind them, (n, whole lanes).
void copy_rows(const float* rows, std::int64_t row, std::int64_t n, std::int64_t width, float* to,
               std::int64_t to_row) {
  for (std::int64_t i = 0; i < n; ++i) {
    std::memcpy(to + i * to_row, rows + i * row, static_cast<std::size_t>(width) * sizeof(float));
    std::fill(to + i * to_row + width, to + (i + 1) * to_row, 0.F);
  }
}

/// The block's scores change the running maximum and denominator of each query, and become weights below the new
/// maximum; `shrink` is what sums so far are to be multiplied by.
CORNU_CLONES void update_softmax(float* scores, std::int64_t keys, std::int64_t columns, float* top, float* total,
                                 float* shrink) {
  const float nothing = kNothingHere;
  float before[kMostColumns], sum[kMostColumns];
  for (std::int64_t c = 0; c < columns; ++c) before[c] = top[c], sum[c] = 0;
  for (std::int64_t j = 0; j < keys; ++j) {
    const float* row = scores + j * columns;
    for (std::int64_t c = 0; c < columns; ++c) top[c] = top[c] < row[c] ? row[c] : top[c];
  }
  for (std::int64_t j = 0; j < keys; ++j) {
    float* row = scores + j * columns;
    for (std::int64_t c = 0; c < columns; ++c) {
      row[c] = exp_nonpositive(row[c] - top[c], nothing);
      sum[c] += row[c];
    }
  }
  for (std::int64_t c = 0; c < columns; ++c) {
    shrink[c] = exp_nonpositive(before[c] - top[c], nothing);
    total[c] = total[c] * shrink[c] + sum[c];
  }
}

/// Scores -> weights, by the logarithms of the denominators.
CORNU_CLONES void weigh_scores(float* scores, std::int64_t keys, std::int64_t columns, const float* logarithms) {
  const float nothing = kNothingHere;
  for (std::int64_t j = 0; j < keys; ++j) {
    float* row = scores + j * columns;
    for (std::int64_t c = 0; c < columns; ++c) row[c] = exp_nonpositive(row[c] - logarithms[c], nothing);
  }
}

/// d(scores) = weights * (d(weights) - what the softmax takes off).
CORNU_CLONES void differentiate_softmax(const float* weights, float* gradients, std::int64_t keys, std::int64_t columns,
                                        const float* taken) {
  for (std::int64_t j = 0; j < keys; ++j) {
    const float* w = weights + j * columns;
    float* g = gradients + j * columns;
    for (std::int64_t c = 0; c < columns; ++c) g[c] = w[c] * (g[c] - taken[c]);
  }
}

CORNU_CLONES void multiply_rows(float* panel, std::int64_t rows, std::int64_t columns, const float* factors) {
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t c = 0; c < columns; ++c) panel[i * columns + c] *= factors[c];
}

/// Queries [begin, end) and a block of keys of one head.
struct Block {
  std::int64_t batch, head, begin, end;

  std::int64_t n() const { return end - begin; }
};

/// The strides of an operand (batch, steps, heads, width).
struct Operand {
  std::int64_t steps, heads, width;

  std::int64_t row() const { return heads * width; }
  std::int64_t at(std::int64_t batch, std::int64_t step, std::int64_t head) const {
    return ((batch * steps + step) * heads + head) * width;
  }
};

/// What both directions know of a problem.
struct Layout : AttentionProblem {
  explicit Layout(const AttentionProblem& problem)
      : AttentionProblem(problem),
        query{steps, heads, dim},
        key{source, key_heads, dim},
        value{source, key_heads, value_dim},
        y{steps, heads, value_dim},
        columns(std::min(whole_lanes(std::max<std::int64_t>(steps, 1)), panel_columns())),
        blocks((steps + columns - 1) / columns) {}

  Operand query, key, value, y;
  std::int64_t columns, blocks;  // of queries

  std::int64_t key_head(std::int64_t head) const { return head / (heads / key_heads); }
  Block block(std::int64_t batch_item, std::int64_t head, std::int64_t i) const {
    return {batch_item, head, i * columns, std::min((i + 1) * columns, steps)};
  }
  /// The source steps that count for any query of a block, as far as the band says: [first, second).
  std::pair<std::int64_t, std::int64_t> sources(const Block& b) const {
    std::int64_t first = 0, past = source;
    if (sliding_window > 0) {
      first = std::max<std::int64_t>(0, b.begin - sliding_window + 1);
      past = std::min(past, b.end - 1 + sliding_window);
    }
    if (is_causal) past = std::min(past, b.end);
    return {std::min(first, past), past};
  }
  /// The scores (keys, columns) of keys [from, from + keys), from the block's transposed query.
  void compute_scores(const graph::Call& c, const Block& b, const float* query_panel, std::int64_t from,
                      std::int64_t keys, float* to) const {
    multiply_panel({c.in<float>(1) + key.at(b.batch, from, key_head(b.head)), key.row(), 1}, query_panel, columns, keys,
                   dim, columns, to, columns, false);
    if (bias) add_bias(c, b, from, keys, to);
    if (mask) exclude_masked(c, b, from, keys, to);
    if (is_causal || sliding_window > 0) exclude_outside(b, from, keys, to);
  }

 private:
  template <class T>
  static const T* start(const graph::Call& c, const Scores& s, const Block& b, std::int64_t from) {
    return c.in<T>(s.input) + b.batch * s.batch + b.head * s.heads + b.begin * s.steps + from * s.source;
  }
  void add_bias(const graph::Call& c, const Block& b, std::int64_t from, std::int64_t keys, float* to) const {
    const float* x = start<float>(c, *bias, b, from);
    for (std::int64_t j = 0; j < keys; ++j)
      for (std::int64_t i = 0; i < b.n(); ++i) to[j * columns + i] += x[i * bias->steps + j * bias->source];
  }
  void exclude_masked(const graph::Call& c, const Block& b, std::int64_t from, std::int64_t keys, float* to) const {
    const bool* counts = start<bool>(c, *mask, b, from);
    for (std::int64_t j = 0; j < keys; ++j) {
      float* row = to + j * columns;
      const bool* x = counts + j * mask->source;
      if (mask->steps == 0) {
        if (!*x) std::fill(row, row + columns, kExcludedScore);
        continue;
      }
      for (std::int64_t i = 0; i < b.n(); ++i) row[i] = x[i * mask->steps] ? row[i] : kExcludedScore;
    }
  }
  void exclude_outside(const Block& b, std::int64_t from, std::int64_t keys, float* to) const {
    for (std::int64_t j = 0; j < keys; ++j) {
      const std::int64_t s = from + j;
      std::int64_t first = b.begin, past = b.end;  // the queries for which it counts
      if (is_causal) first = std::max(first, s);
      if (sliding_window > 0)
        first = std::max(first, s - sliding_window + 1), past = std::min(past, s + sliding_window);
      first = std::min(first, b.end), past = std::max(past, first);
      float* row = to + j * columns;
      std::fill(row, row + (first - b.begin), kExcludedScore);
      std::fill(row + (past - b.begin), row + columns, kExcludedScore);
    }
  }
};

/// Floats of a part's scratch memory, given out in pieces that begin at whole cache lines.
class Memory {
 public:
  Memory() = default;
  explicit Memory(void* begin) : next_(static_cast<float*>(begin)) {}
  float* take(std::int64_t n) {
    float* const piece = next_;
    n = whole_lanes(n);
    used_ += n;
    if (next_) next_ += n;
    return piece;
  }
  std::size_t bytes() const { return static_cast<std::size_t>(used_) * sizeof(float); }

 private:
  float* next_ = nullptr;
  std::int64_t used_ = 0;
};

struct ForwardMemory {
  float *query, *scores, *sums, *mean;
  ForwardMemory(const Layout& p, Memory& memory)
      : query(memory.take(p.dim * p.columns)),
        scores(memory.take(kKeys * p.columns)),
        sums(memory.take(p.value_dim * p.columns)),
        mean(memory.take(p.value_dim)) {}
};

void mean_value(const Layout& p, const graph::Call& c, const Block& b, float* mean) {
  std::fill(mean, mean + p.value_dim, 0.F);
  const float* v = c.in<float>(2) + p.value.at(b.batch, 0, p.key_head(b.head));
  for (std::int64_t s = 0; s < p.source; ++s)
    for (std::int64_t i = 0; i < p.value_dim; ++i) mean[i] += v[s * p.value.row() + i];
  for (std::int64_t i = 0; i < p.value_dim; ++i) mean[i] /= static_cast<float>(std::max<std::int64_t>(p.source, 1));
}

void attend_block(const Layout& p, const graph::Call& c, const Block& b, const ForwardMemory& m) {
  float top[kMostColumns], total[kMostColumns], shrink[kMostColumns];
  std::fill_n(top, kMostColumns, kExcludedScore);
  std::fill_n(total, kMostColumns, 0.F);
  std::fill(m.sums, m.sums + p.value_dim * p.columns, 0.F);
  transpose_rows(c.in<float>(0) + p.query.at(b.batch, b.begin, b.head), p.query.row(), b.n(), p.dim, p.scale, m.query,
                 p.columns);
  const auto [first, past] = p.sources(b);
  for (std::int64_t from = first; from < past; from += kKeys) {
    const std::int64_t keys = std::min(kKeys, past - from);
    p.compute_scores(c, b, m.query, from, keys, m.scores);
    update_softmax(m.scores, keys, p.columns, top, total, shrink);
    if (from > first) multiply_rows(m.sums, p.value_dim, p.columns, shrink);
    multiply_panel({c.in<float>(2) + p.value.at(b.batch, from, p.key_head(b.head)), 1, p.value.row()}, m.scores,
                   p.columns, p.value_dim, keys, p.columns, m.sums, p.columns, true);
  }
  float* logarithms = c.out<float>(1) + (b.batch * p.heads + b.head) * p.steps + b.begin;
  float* y = c.out<float>(0) + p.y.at(b.batch, b.begin, b.head);
  const auto none_counts = [&](std::int64_t i) { return top[i] == kExcludedScore && !std::isnan(total[i]); };
  bool any_empty = false;
  for (std::int64_t i = 0; i < b.n(); ++i) {
    any_empty = any_empty || none_counts(i);
    logarithms[i] = none_counts(i) ? kInfinity : top[i] + std::log(total[i]);
    shrink[i] = 1 / total[i];
  }
  store_columns(m.sums, p.columns, b.n(), p.value_dim, shrink, y, p.y.row());
  if (!any_empty) return;
  mean_value(p, c, b, m.mean);
  for (std::int64_t i = 0; i < b.n(); ++i)
    if (none_counts(i)) std::copy(m.mean, m.mean + p.value_dim, y + i * p.y.row());
}

struct BackwardMemory {
  float *query, *dy, *query_rows, *dy_rows, *weights, *gradients, *d_query, *d_key, *d_value, *left_over;
  std::int64_t key_row, value_row;  // of rows as panels
  BackwardMemory(const Layout& p, Memory& memory)
      : query(memory.take(p.dim * p.columns)),
        dy(memory.take(p.value_dim * p.columns)),
        query_rows(memory.take(whole_lanes(p.dim) * p.columns)),
        dy_rows(memory.take(whole_lanes(p.value_dim) * p.columns)),
        weights(memory.take(kKeys * p.columns)),
        gradients(memory.take(kKeys * p.columns)),
        d_query(memory.take(p.dim * p.columns)),
        d_key(memory.take(p.source * whole_lanes(p.dim))),
        d_value(memory.take(p.source * whole_lanes(p.value_dim))),
        left_over(memory.take(p.value_dim)),
        key_row(whole_lanes(p.dim)),
        value_row(whole_lanes(p.value_dim)) {}
};

void attend_block_backward(const Layout& p, const graph::Call& c, const Block& b, const BackwardMemory& m) {
  const float* q = c.in<float>(0) + p.query.at(b.batch, b.begin, b.head);
  const float* y = c.in<float>(3) + p.y.at(b.batch, b.begin, b.head);
  const float* dy = c.in<float>(5) + p.y.at(b.batch, b.begin, b.head);
  const float* known = c.in<float>(4) + (b.batch * p.heads + b.head) * p.steps + b.begin;
  float logarithms[kMostColumns], taken[kMostColumns], scales[kMostColumns];
  std::fill_n(logarithms, kMostColumns, kInfinity);
  std::fill_n(taken, kMostColumns, 0.F);
  std::fill_n(scales, kMostColumns, p.scale);
  for (std::int64_t i = 0; i < b.n(); ++i) {
    logarithms[i] = known[i];
    const float *from = y + i * p.y.row(), *by = dy + i * p.y.row();
    float sum = 0;
    for (std::int64_t l = 0; l < p.value_dim; ++l) sum += from[l] * by[l];
    taken[i] = sum;
    if (known[i] == kInfinity)  // the mean of all values
      for (std::int64_t l = 0; l < p.value_dim; ++l) m.left_over[l] += by[l] / static_cast<float>(p.source);
  }
  transpose_rows(q, p.query.row(), b.n(), p.dim, p.scale, m.query, p.columns);
  transpose_rows(dy, p.y.row(), b.n(), p.value_dim, 1, m.dy, p.columns);
  copy_rows(q, p.query.row(), b.n(), p.dim, m.query_rows, m.key_row);
  copy_rows(dy, p.y.row(), b.n(), p.value_dim, m.dy_rows, m.value_row);
  std::fill(m.d_query, m.d_query + p.dim * p.columns, 0.F);
  const std::int64_t head = p.key_head(b.head);
  const auto [first, past] = p.sources(b);
  for (std::int64_t from = first; from < past; from += kKeys) {
    const std::int64_t keys = std::min(kKeys, past - from);
    const float *k = c.in<float>(1) + p.key.at(b.batch, from, head),
                *v = c.in<float>(2) + p.value.at(b.batch, from, head);
    p.compute_scores(c, b, m.query, from, keys, m.weights);
    weigh_scores(m.weights, keys, p.columns, logarithms);
    multiply_panel({v, p.value.row(), 1}, m.dy, p.columns, keys, p.value_dim, p.columns, m.gradients, p.columns, false);
    differentiate_softmax(m.weights, m.gradients, keys, p.columns, taken);
    multiply_panel({k, 1, p.key.row()}, m.gradients, p.columns, p.dim, keys, p.columns, m.d_query, p.columns, true);
    multiply_panel({m.weights, p.columns, 1}, m.dy_rows, m.value_row, keys, b.n(), m.value_row,
                   m.d_value + from * m.value_row, m.value_row, true);
    multiply_panel({m.gradients, p.columns, 1}, m.query_rows, m.key_row, keys, b.n(), m.key_row,
                   m.d_key + from * m.key_row, m.key_row, true);
  }
  store_columns(m.d_query, p.columns, b.n(), p.dim, scales, c.out<float>(0) + p.query.at(b.batch, b.begin, b.head),
                p.query.row());
}

/// All queries that read one head of keys and values.
void attend_head_backward(const Layout& p, const graph::Call& c, std::int64_t batch, std::int64_t key_head,
                          const BackwardMemory& m) {
  std::fill(m.d_key, m.d_key + p.source * m.key_row, 0.F);
  std::fill(m.d_value, m.d_value + p.source * m.value_row, 0.F);
  std::fill(m.left_over, m.left_over + p.value_dim, 0.F);
  const std::int64_t share = p.heads / p.key_heads;
  for (std::int64_t head = key_head * share; head < (key_head + 1) * share; ++head)
    for (std::int64_t i = 0; i < p.blocks; ++i) attend_block_backward(p, c, p.block(batch, head, i), m);
  for (std::int64_t s = 0; s < p.source; ++s) {
    float *dk = c.out<float>(1) + p.key.at(batch, s, key_head), *dv = c.out<float>(2) + p.value.at(batch, s, key_head);
    for (std::int64_t i = 0; i < p.dim; ++i) dk[i] = m.d_key[s * m.key_row + i] * p.scale;
    for (std::int64_t i = 0; i < p.value_dim; ++i) dv[i] = m.d_value[s * m.value_row + i] + m.left_over[i];
  }
}

template <class PartMemory, class F>
graph::Kernel in_parts(const Layout& p, int parts, std::int64_t units, double products, F&& each) {
  parts = static_cast<int>(std::clamp<std::int64_t>(units, 1, parts));
  Memory counted;
  const PartMemory counts(p, counted);
  const std::size_t bytes = counted.bytes();
  graph::Kernel kernel = graph::Kernel::native(parts, [p, bytes, units, each](const graph::Call& c) {
    Memory memory(static_cast<char*>(c.scratch) + static_cast<std::size_t>(c.part) * bytes);
    const PartMemory mine(p, memory);
    c.share(units, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t unit = begin; unit < end; ++unit) each(p, c, unit, mine);
    });
  });
  kernel.scratch = bytes * static_cast<std::size_t>(parts);
  kernel.flops = 2 * products;
  return kernel;
}

}  // namespace

graph::Kernel plan_attention(const AttentionProblem& problem, const graph::PlanRequest& request) {
  const Layout p(problem);
  const std::int64_t products = p.scores() * (p.dim + p.value_dim);
  return in_parts<ForwardMemory>(p, request.parts(products / kProductsPerOperation), p.batch * p.heads * p.blocks,
                                 static_cast<double>(products),
                                 [](const Layout& l, const graph::Call& c, std::int64_t unit, const ForwardMemory& m) {
                                   const std::int64_t head = unit / l.blocks;
                                   attend_block(l, c, l.block(head / l.heads, head % l.heads, unit % l.blocks), m);
                                 });
}

graph::Kernel plan_attention_backward(const AttentionProblem& problem, const graph::PlanRequest& request) {
  const Layout p(problem);
  const std::int64_t products = p.scores() * (3 * p.dim + 2 * p.value_dim);
  return in_parts<BackwardMemory>(
      p, request.parts(products / kProductsPerOperation), p.batch * p.key_heads, static_cast<double>(products),
      [](const Layout& l, const graph::Call& c, std::int64_t unit, const BackwardMemory& m) {
        attend_head_backward(l, c, unit / l.key_heads, unit % l.key_heads, m);
      });
}

}  // namespace cornu::ops::internal
