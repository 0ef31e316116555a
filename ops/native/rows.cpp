#include "cornu/ops/native/rows.h"

#include <algorithm>
#include <cstring>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/floating.h"

namespace cornu::ops {
namespace {

using graph::Call;
using graph::require;

// A row that is asked for and where: sorted, the occurrences of a row stand together, in their order.
struct Occurrence {
  std::int64_t row, place;
  bool operator<(const Occurrence& other) const { return row != other.row ? row < other.row : place < other.place; }
};

void require_row_indices(std::string_view op, const Spec& indices) {
  require<TypeError>(graph::is_integer(indices.dtype), op, ": expected integer indices, got ", indices);
  require<ShapeError>(indices.shape.rank() == 1, op, ": expected indices of one axis, got ", indices);
}
void require_distinct(std::string_view op, const Spec& distinct) {
  require<TypeError>(distinct.dtype == int64 && distinct.shape.rank() == 1, op,
                     ": expected the indices that distinct_rows gives, got ", distinct);
}
void require_rows(std::string_view op, const Spec& indices, const Spec& values) {
  require<ShapeError>(values.shape.rank() >= 1 && values.shape.front() == indices.shape.front(), op, ": expected ",
                      indices.shape.front(), " rows, as many as indices, got ", values);
}

// Sorted occurrences of the rows that there are; gives their end.
Occurrence* sorted(const Call& c, int input, graph::DType dtype, std::int64_t n, std::int64_t rows, Occurrence* to) {
  Occurrence* end = to;
  graph::visit(dtype, [&](auto zero) {
    using T = decltype(zero);
    if constexpr (std::is_integral_v<T>)
      for (std::int64_t i = 0; i < n; ++i) {
        std::int64_t row = static_cast<std::int64_t>(c.in<T>(input)[i]);
        if (row < 0) row += rows;
        if (row >= 0 && row < rows) *end++ = {row, i};
      }
  });
  std::sort(to, end);
  return end;
}

struct DistinctRows final : Op {
  std::int64_t rows = 1;
  std::string_view name() const override { return "distinct_rows"; }
  void fields(FieldVisitor& f) const override { f("rows", rows); }
  Specs infer(const Specs& in) const override {
    require_row_indices(name(), in[0]);
    return {{int64, in[0].shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.in[0].shape.elements();
    Kernel kernel = Kernel::native([n, rows = rows, dtype = r.in[0].dtype](const Call& c) {
      auto* first = static_cast<Occurrence*>(c.scratch);
      const Occurrence* end = sorted(c, 0, dtype, n, rows, first);
      std::int64_t* y = c.out<std::int64_t>();
      std::fill_n(y, n, rows);
      for (const Occurrence* at = first; at != end; ++at)
        if (at == first || at->row != at[-1].row) y[at->place] = at->row;
    });
    kernel.scratch = static_cast<std::size_t>(n) * sizeof(Occurrence);
    return kernel;
  }
};
const bool distinct_rows_registered = graph::register_op<DistinctRows>();

struct ScatteredRows final : Op {
  std::int64_t rows = 1;
  std::string_view name() const override { return "scattered_rows"; }
  void fields(FieldVisitor& f) const override { f("rows", rows); }
  Specs infer(const Specs& in) const override {
    require_distinct(name(), in[0]);
    require_row_indices(name(), in[1]);
    require_rows(name(), in[1], in[2]);
    const graph::DType dtype = in[2].dtype;
    require<TypeError>(internal::is_computed(dtype) || dtype == int32 || dtype == int64,
                       "scattered_rows: expected float32, bfloat16, int32 or int64 updates, got ", in[2]);
    return {{dtype, in[2].shape.with(0, in[0].shape.front())}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  // First the occurrences are sorted, then each thread adds up rows of its own: sums have the order of the updates
  // whatever the number of threads.
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t m = r.in[0].shape.front(), n = r.in[1].shape.front(),
                       each = r.in[2].shape.drop_front().elements();
    const auto launch = [m, n, each, rows = rows, index = r.in[1].dtype, dtype = r.in[2].dtype](const Call& c) {
      auto* count = static_cast<std::int64_t*>(c.scratch);
      auto* first = reinterpret_cast<Occurrence*>(count + 8);
      if (c.phase == 0) {
        if (c.part == 0) *count = sorted(c, 1, index, n, rows, first) - first;
        return;
      }
      const Occurrence* end = first + *count;
      graph::visit(dtype, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (std::is_same_v<T, float> || std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t>)
          c.share(m, [&](std::int64_t begin, std::int64_t stop) {
            for (std::int64_t i = begin; i < stop; ++i) {
              const std::int64_t row = c.in<std::int64_t>()[i];
              T* to = c.out<T>() + i * each;
              std::fill_n(to, each, T(0));
              for (const Occurrence* at = std::lower_bound(first, first + *count, Occurrence{row, 0});
                   at != end && at->row == row; ++at) {
                const T* from = c.in<T>(2) + at->place * each;
                for (std::int64_t k = 0; k < each; ++k) to[k] += from[k];
              }
            }
          });
      });
    };
    Kernel kernel = Kernel::native(r.parts((n + m) * std::max<std::int64_t>(each, 1)), launch);
    kernel.phases = 2;
    kernel.scratch = 64 + static_cast<std::size_t>(n) * sizeof(Occurrence);
    return kernel;
  }
};
const bool scattered_rows_registered = graph::register_op<ScatteredRows>();

struct ReplaceRows final : Op, TakesBFloat16 {
  std::string_view name() const override { return "replace_rows"; }
  Specs infer(const Specs& in) const override {
    require_distinct(name(), in[0]);
    require_rows(name(), in[0], in[1]);
    require<ShapeError>(
        in[2].shape.rank() >= 1 && in[1].dtype == in[2].dtype && in[1].shape.drop_front() == in[2].shape.drop_front(),
        "replace_rows: expected rows of a table ", in[2], ", got ", in[1]);
    return {in[2]};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  graph::Traits traits() const override { return {.in_place_from = 2}; }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t m = r.in[0].shape.front(), rows = r.in[2].shape.front();
    const std::size_t row = rows > 0 ? r.in[2].bytes() / static_cast<std::size_t>(rows) : 0;
    // Which work there is shows when it runs: the table's memory may be the result's.
    const auto launch = [m, rows, row](const Call& c) {
      const auto* table = c.in<std::byte>(2);
      auto* to = c.out<std::byte>();
      if (c.phase == 0) {
        if (table != to)
          c.share(rows, [&](std::int64_t begin, std::int64_t end) {
            std::memcpy(to + static_cast<std::size_t>(begin) * row, table + static_cast<std::size_t>(begin) * row,
                        static_cast<std::size_t>(end - begin) * row);
          });
        return;
      }
      c.share(m, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
          if (const std::int64_t at = c.in<std::int64_t>()[i]; at >= 0 && at < rows)
            internal::copy_bytes(to + static_cast<std::size_t>(at) * row,
                                 c.in<std::byte>(1) + static_cast<std::size_t>(i) * row, row);
      });
    };
    Kernel kernel = Kernel::native(r.parts(r.in[1].shape.elements() + r.in[2].shape.elements()), launch);
    kernel.phases = 2;
    return kernel;
  }
};
const bool replace_rows_registered = graph::register_op<ReplaceRows>();

}  // namespace

Tensor distinct_rows(const Tensor& indices, std::int64_t rows) {
  auto op = std::make_shared<DistinctRows>();
  op->rows = rows;
  return graph::apply1(std::move(op), {indices});
}

Tensor scattered_rows(const Tensor& distinct, const Tensor& indices, const Tensor& updates, std::int64_t rows) {
  auto op = std::make_shared<ScatteredRows>();
  op->rows = rows;
  return graph::apply1(std::move(op), {distinct, indices, updates});
}

Tensor replace_rows(const Tensor& distinct, const Tensor& values, const Tensor& table) {
  return graph::apply1(std::make_shared<ReplaceRows>(), {distinct, values, table});
}

}  // namespace cornu::ops
