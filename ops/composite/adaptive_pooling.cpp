#include "cornu/ops/composite/adaptive_pooling.h"

#include <map>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/ops/internal/windows.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/pooling.h"

namespace cornu::ops {
namespace {

using graph::Array;
using graph::require;
using graph::Shape;
using graph::ShapeError;

using Pool = Tensor (*)(const Tensor&, PerAxis, PoolConfig);

struct Adaptive {
  std::string_view name;
  Pool pool;

  // Windows of m over n numbers have one length or two. Those of one length are put one behind the other and pooled
  // together; then all are put in their order.
  Tensor along(const Tensor& x, int axis, std::int64_t m) const {
    struct Windows {
      std::vector<std::int32_t> which, places;
    };
    std::map<std::int64_t, Windows> by_length;
    const std::int64_t n = x.shape()[axis];
    for (std::int64_t i = 0; i < m; ++i) {
      const std::int64_t begin = i * n / m, end = ((i + 1) * n + m - 1) / m;
      Windows& windows = by_length[end - begin];
      windows.which.push_back(static_cast<std::int32_t>(i));
      for (std::int64_t at = begin; at < end; ++at) windows.places.push_back(static_cast<std::int32_t>(at));
    }
    Tensors parts;
    Array order(Shape{m}, graph::int32);
    std::int32_t placed = 0;
    for (const auto& [length, windows] : by_length) {
      PerAxis lengths = ones(x);
      lengths[static_cast<std::size_t>(axis - 1)] = static_cast<int>(length);
      parts.push_back(pool(take(x, Array(windows.places), axis), lengths, {}));
      for (const std::int32_t i : windows.which) order.data<std::int32_t>()[i] = placed++;
    }
    return parts.size() == 1 ? parts.front() : take(concatenate(parts, axis), order, axis);
  }

  Tensor operator()(const Tensor& x, const PerAxis& output_size) const {
    const int axes = x.ndim() - 2;
    require<ShapeError>(axes >= 1 && axes <= 3, name, ": expected a tensor of three to five axes, got shape ",
                        x.shape());
    const std::vector<std::int64_t> sizes = internal::spread(name, "output_size", output_size, axes);
    PerAxis lengths = ones(x);  // along the axes that are cut without a rest
    std::vector<int> others;
    for (int axis = 0; axis < axes; ++axis) {
      const auto i = static_cast<std::size_t>(axis);
      const std::int64_t n = x.shape()[axis + 1];
      require<ShapeError>(n > 0, name, ": there is nothing to pool in an input of lengths ",
                          x.shape().drop_front().drop_back());
      if (n % sizes[i] == 0)
        lengths[i] = static_cast<int>(n / sizes[i]);
      else
        others.push_back(axis + 1);
    }
    Tensor y = lengths == ones(x) ? x : pool(x, lengths, {});
    for (const int axis : others) y = along(y, axis, sizes[static_cast<std::size_t>(axis - 1)]);
    return y;
  }

 private:
  static PerAxis ones(const Tensor& x) {
    PerAxis lengths;
    lengths.assign(static_cast<std::size_t>(x.ndim() - 2), 1);
    return lengths;
  }
};

}  // namespace

Tensor adaptive_max_pool(const Tensor& x, const PerAxis& output_size) {
  return Adaptive{"adaptive_max_pool", max_pool}(x, output_size);
}
Tensor adaptive_average_pool(const Tensor& x, const PerAxis& output_size) {
  return Adaptive{"adaptive_average_pool", average_pool}(x, output_size);
}

}  // namespace cornu::ops
