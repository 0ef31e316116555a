#include "cornu/ops/native/transpose.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {
namespace {

using graph::require;

constexpr std::int64_t kTile = 16;  // a tile's rows of source and destination fit the first-level cache together

// The output in its own order: per axis its length and how far the input moves. Axes that stay neighbours are merged.
struct Plan {
  std::array<std::int64_t, Shape::kMaxRank> length{}, from{}, to{};  // outermost first; from, to: strides
  int rank = 0;
  std::int64_t elements = 1;
  int row = -1;  // the axis along which the input is contiguous

  Plan(const Shape& in, const std::vector<int>& axes) {
    std::array<std::int64_t, Shape::kMaxRank> stride{};
    std::int64_t step = 1;
    for (int i = in.rank() - 1; i >= 0; --i) stride[i] = step, step *= in[i];
    elements = step;
    for (int axis : axes) {
      if (in[axis] == 1) continue;
      if (rank > 0 && from[rank - 1] == stride[axis] * in[axis]) {
        length[rank - 1] *= in[axis];
        from[rank - 1] = stride[axis];
      } else {
        length[rank] = in[axis];
        from[rank++] = stride[axis];
      }
    }
    step = 1;
    for (int i = rank - 1; i >= 0; --i) to[i] = step, step *= length[i];
    for (int i = 0; i < rank; ++i)
      if (from[i] == 1) row = i;
  }
  bool is_copy() const { return rank <= 1; }
};

// Tiles of the two axes along which the input and the output are contiguous; all other axes (and one tiled axis) are
// outer loops.
template <class T>
void transpose_elements(const Plan& p, const graph::Call& c) {
  const T* x = c.in<T>();
  T* y = c.out<T>();
  const int last = p.rank - 1;
  const bool rows = p.row == last;  // whole runs keep their order
  const std::int64_t height = rows ? 1 : p.length[p.row], width = p.length[last];
  const std::int64_t blocks = (height + kTile - 1) / kTile;
  const std::int64_t planes = p.elements / (height * width);
  c.share(planes * blocks, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      std::int64_t rest = i / blocks, source = 0, target = 0;
      for (int k = last - 1; k >= 0; --k) {
        if (k == p.row) continue;
        const std::int64_t at = rest % p.length[k];
        rest /= p.length[k];
        source += at * p.from[k];
        target += at * p.to[k];
      }
      if (rows) {
        internal::copy_bytes(y + target, x + source, static_cast<std::size_t>(width) * sizeof(T));
        continue;
      }
      const std::int64_t top = (i % blocks) * kTile, bottom = std::min(top + kTile, height);
      for (std::int64_t left = 0; left < width; left += kTile) {
        const std::int64_t right = std::min(left + kTile, width);
        for (std::int64_t h = top; h < bottom; ++h) {
          const T* from = x + source + h;
          T* to = y + target + h * p.to[p.row];
          for (std::int64_t w = left; w < right; ++w) to[w] = from[w * p.from[last]];
        }
      }
    }
  });
}

struct Transpose final : Op, TakesBFloat16, internal::AddsUpBefore {
  std::vector<int> axes;
  std::string_view name() const override { return "transpose"; }
  void fields(FieldVisitor& f) const override { f("axes", axes); }
  Specs infer(const Specs& in) const override {
    require<ShapeError>(axes.size() == in[0].shape.size(), "transpose: ", axes.size(), " axes given for shape ",
                        in[0].shape);
    Spec out = in[0];
    for (std::size_t i = 0; i < axes.size(); ++i) out.shape[static_cast<int>(i)] = in[0].shape[axes[i]];
    return {out};
  }
  Tensors gradient(const Backward& b) const override {
    std::vector<int> back(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) back[axes[i]] = static_cast<int>(i);
    return {transpose(b.dy(), back)};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Plan plan(r.in[0].shape, axes);
    if (plan.is_copy() || plan.elements == 0) return internal::copy_kernel(r.in[0].bytes());
    return Kernel::native(r.parts(plan.elements), [plan, width = graph::size_of(r.in[0].dtype)](const graph::Call& c) {
      graph::internal::visit_width(width, [&](auto word) { transpose_elements<decltype(word)>(plan, c); });
    });
  }
};
const bool transpose_registered = graph::register_op<Transpose>();

}  // namespace

Tensor transpose(const Tensor& x, std::vector<int> axes) {
  const int rank = x.ndim();
  if (axes.empty())
    for (int i = rank - 1; i >= 0; --i) axes.push_back(i);
  require<ShapeError>(static_cast<int>(axes.size()) == rank, "transpose: ", axes.size(), " axes given for shape ",
                      x.shape());
  unsigned seen = 0;
  int previous = -1;
  bool same_order = true;
  Shape shape = x.shape();
  for (int i = 0; i < rank; ++i) {
    axes[i] = internal::normalize("transpose", axes[i], x.shape());
    require<ShapeError>((seen & (1u << axes[i])) == 0, "transpose: axis ", axes[i], " given twice for shape ",
                        x.shape());
    seen |= 1u << axes[i];
    shape[i] = x.shape()[axes[i]];
    if (shape[i] == 1) continue;
    same_order &= axes[i] > previous;
    previous = axes[i];
  }
  if (same_order) return reshape(x, shape);
  auto op = std::make_shared<Transpose>();
  op->axes = std::move(axes);
  return graph::apply1(std::move(op), {x});
}

Tensor moveaxis(const Tensor& x, int source, int destination) {
  const int from = x.shape().normalize(source), to = x.shape().normalize(destination);
  if (from == to) return x;
  std::vector<int> order(static_cast<std::size_t>(x.ndim()));
  std::iota(order.begin(), order.end(), 0);
  order.erase(order.begin() + from);
  order.insert(order.begin() + to, from);
  return transpose(x, std::move(order));
}

}  // namespace cornu::ops
