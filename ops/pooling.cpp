#include "cornu/ops/pooling.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/ops/internal/clones.h"
#include "cornu/ops/internal/epilogue.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/windows.h"

namespace cornu::ops {
namespace {

using graph::require;
using graph::ShapeError;
using internal::Windows;

constexpr std::int64_t kChannels = 64;  // that are looked at side by side

/// One of three axes, of which unused ones have length 1.
struct Axis {
  std::int64_t in = 1, out = 1, window = 1, stride = 1, low = 0;
  /// The part of a window that lies in the input.
  std::int64_t begin(std::int64_t i) const { return std::max<std::int64_t>(i * stride - low, 0); }
  std::int64_t end(std::int64_t i) const { return std::min(i * stride - low + window, in); }
};

/// What all poolings are made of, and where a window's numbers lie.
struct Pool {
  Windows windows;
  Shape lengths;  ///< of a window

  void fields(graph::FieldVisitor& f) const {
    f("lengths", lengths);
    windows.fields(f);
  }

  /// (batch, …, channels) of x's windows.
  Shape output(std::string_view op, const Shape& x) const {
    const int axes = windows.axes();
    require<ShapeError>(x.rank() == axes + 2, op, ": expected a tensor of ", axes + 2, " axes, got shape ", x);
    Shape y{x.front()};
    for (int axis = 0; axis < axes; ++axis) {
      const std::int64_t count = windows.count(axis, x[axis + 1], lengths[axis]);
      require<ShapeError>(count > 0, op, ": no window of lengths ", lengths, " fits into an input of lengths ",
                          x.drop_front().drop_back());
      y = y.append(count);
    }
    return y.append(x.back());
  }
  void require_output(std::string_view op, const Shape& x, const Shape& dy) const {
    require<ShapeError>(output(op, x) == dy, op, ": a gradient of shape ", dy, " does not fit an input of shape ", x);
  }

  std::array<Axis, 3> axes(const Shape& x) const {
    std::array<Axis, 3> all;
    const int used = windows.axes();
    for (int axis = 0; axis < used; ++axis) {
      const std::int64_t window = lengths[axis];
      all[static_cast<std::size_t>(3 - used + axis)] = {x[axis + 1], windows.count(axis, x[axis + 1], window), window,
                                                        windows.strides[axis], windows.low[axis]};
    }
    return all;
  }
};

/// Whether no place belongs to two windows, and whether each belongs to one.
bool apart(const std::array<Axis, 3>& axes) {
  return std::all_of(axes.begin(), axes.end(), [](const Axis& a) { return a.stride >= a.window; });
}
bool everywhere(const std::array<Axis, 3>& axes) {
  return std::all_of(axes.begin(), axes.end(),
                     [](const Axis& a) { return a.stride <= a.window && a.begin(0) == 0 && a.end(a.out - 1) == a.in; });
}

/// The numbers of one window: their places in the image, in the order in which they lie.
struct Places {
  const std::array<Axis, 3>& axes;
  std::array<std::int64_t, 3> at;
  std::int64_t channels;

  template <class F>
  CORNU_INLINE inline void each(F&& f) const {
    const auto& [a, b, c] = axes;
    for (std::int64_t p = a.begin(at[0]); p < a.end(at[0]); ++p)
      for (std::int64_t q = b.begin(at[1]); q < b.end(at[1]); ++q)
        for (std::int64_t r = c.begin(at[2]); r < c.end(at[2]); ++r) f(((p * b.in + q) * c.in + r) * channels);
  }
  std::int64_t count() const {
    std::int64_t n = 1;
    for (std::size_t i = 0; i < 3; ++i) n *= axes[i].end(at[i]) - axes[i].begin(at[i]);
    return n;
  }
};

/// The windows of one image: `f(places, y, c, n)` for each window, whose output begins at y, and each strip of n
/// channels from c on.
template <class F>
CORNU_INLINE inline void each_window(const std::array<Axis, 3>& axes, std::int64_t channels, F&& f) {
  std::int64_t y = 0;
  for (std::int64_t i = 0; i < axes[0].out; ++i)
    for (std::int64_t j = 0; j < axes[1].out; ++j)
      for (std::int64_t k = 0; k < axes[2].out; ++k, y += channels)
        for (std::int64_t c = 0; c < channels; c += kChannels)
          f(Places{axes, {i, j, k}, channels}, y, c, std::min(kChannels, channels - c));
}

bool above(float x, float y) { return x > y || x != x; }  // a NaN stays

CORNU_CLONES void largest(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x, float* y) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float most[kChannels];
    std::fill_n(most, n, -std::numeric_limits<float>::infinity());
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) most[i] = above(x[at + c + i], most[i]) ? x[at + c + i] : most[i];
    });
    std::copy_n(most, n, y + out + c);
  });
}

/// As each_window, with y at the strip, and with the number of the largest place of each of its channels.
template <class F>
CORNU_INLINE inline void each_largest(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x, F&& f) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float most[kChannels];
    std::int32_t which[kChannels], number = 0;
    std::fill_n(most, n, -std::numeric_limits<float>::infinity());
    std::fill_n(which, n, 0);
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) {
        const float value = x[at + c + i];
        // The first NaN, else the first of the largest. Without && and ||, of which g++ makes jumps.
        const bool more = (value > most[i]) | ((value != value) & (most[i] == most[i]));
        which[i] = more ? number : which[i];
        most[i] = more ? value : most[i];
      }
      ++number;
    });
    f(places, out + c, c, n, which);
  });
}

/// `put(to, number)` gives a place's new number from what lies there and what the window puts there.
template <class Put>
CORNU_INLINE inline void put_at_largest_by(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x,
                                           const float* dy, float* dx, Put&& put) {
  each_largest(axes, channels, x,
               [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n, const std::int32_t* which)
                   CORNU_INLINE {
                     std::int32_t number = 0;
                     places.each([&](std::int64_t at) CORNU_INLINE {
                       for (std::int64_t i = 0; i < n; ++i)
                         dx[at + c + i] = put(dx[at + c + i], which[i] == number ? dy[out + i] : 0);
                       ++number;
                     });
                   });
}
CORNU_CLONES void add_at_largest(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x,
                                 const float* dy, float* dx) {
  put_at_largest_by(axes, channels, x, dy, dx, [](float there, float more) CORNU_INLINE { return there + more; });
}
CORNU_CLONES void put_at_largest(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x,
                                 const float* dy, float* dx) {
  put_at_largest_by(axes, channels, x, dy, dx, [](float, float number) CORNU_INLINE { return number; });
}

CORNU_CLONES void take_at_largest(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x,
                                  const float* g, float* y) {
  each_largest(axes, channels, x,
               [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n, const std::int32_t* which)
                   CORNU_INLINE {
                     float taken[kChannels] = {};
                     std::int32_t number = 0;
                     places.each([&](std::int64_t at) CORNU_INLINE {
                       for (std::int64_t i = 0; i < n; ++i) taken[i] = which[i] == number ? g[at + c + i] : taken[i];
                       ++number;
                     });
                     std::copy_n(taken, n, y + out);
                   });
}

CORNU_CLONES void mean(const std::array<Axis, 3>& axes, std::int64_t channels, const float* x, float* y) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float sum[kChannels] = {};
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) sum[i] += x[at + c + i];
    });
    const auto count = static_cast<float>(places.count());
    for (std::int64_t i = 0; i < n; ++i) y[out + c + i] = sum[i] / count;
  });
}

CORNU_CLONES void put_mean(const std::array<Axis, 3>& axes, std::int64_t channels, const float* dy, float* dx) {
  each_window(axes, channels, [&](const Places& places, std::int64_t out, std::int64_t c, std::int64_t n) CORNU_INLINE {
    float share[kChannels];
    const auto count = static_cast<float>(places.count());
    for (std::int64_t i = 0; i < n; ++i) share[i] = dy[out + c + i] / count;
    places.each([&](std::int64_t at) CORNU_INLINE {
      for (std::int64_t i = 0; i < n; ++i) dx[at + c + i] += share[i];
    });
  });
}

/// A kernel whose parts have whole images each: `image(axes, channels, call, x, y)`, where the image begins in tensors
/// of the windows' input's shape and of their output's.
template <class F>
Kernel by_images(const PlanRequest& r, const Pool& pool, const Shape& x, const Shape& y, F&& image) {
  return Kernel::native(r.parts(x.elements() * 2),
                        [axes = pool.axes(x), images = x.front(), channels = x.back(), image,
                         in = x.drop_front().elements(), out = y.drop_front().elements()](const graph::Call& c) {
                          c.share(images, [&](std::int64_t begin, std::int64_t end) {
                            for (std::int64_t i = begin; i < end; ++i) image(axes, channels, c, i * in, i * out);
                          });
                        });
}

/// What flows back to a pooling's input, image by image, each with its epilogue: `image(axes, channels, call, x, y,
/// dx)` gives one, of which dx is not yet set.
template <class Derived>
struct PoolBackward : Op, internal::TakesEpilogue {
  Pool pool;

  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const Tensors& in,
                                                                        const Shape& out) const override {
    return in[0].dtype() == graph::float32 ? rows_of(out) : std::nullopt;
  }
  std::shared_ptr<Op> with(std::shared_ptr<const internal::Epilogue> e) const override {
    auto made = std::make_shared<Derived>(static_cast<const Derived&>(*this));
    made->epilogue = std::move(e);
    return made;
  }
  graph::Traits traits() const override { return epilogue_traits(); }

 protected:
  Specs result(const Specs& in, const Shape& x) const { return epilogue ? epilogue->results : Specs{{in[0].dtype, x}}; }
  template <class F>
  Kernel back(const PlanRequest& r, const Shape& x, const Shape& y, F&& image) const {
    const std::int64_t in = x.drop_front().elements();
    if (!epilogue || x.elements() == 0)
      return by_images(r, pool, x, y, [image](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
        image(axes, channels, c, x, y, c.out<float>() + x);
      });
    const internal::EpilogueLoop loop(*epilogue, r, operands(), x.elements() / x.back(), x.back());
    const std::size_t tile = loop.tiled() ? static_cast<std::size_t>(in) * sizeof(float) : 0;
    const int parts = r.parts(x.elements() * 4);
    Kernel kernel =
        Kernel::native(parts, [=, axes = pool.axes(x), images = x.front(), channels = x.back(),
                               out = y.drop_front().elements(), rows = in / x.back()](const graph::Call& c) {
          char* const sums = static_cast<char*>(c.scratch) + tile * static_cast<std::size_t>(parts);
          if (c.phase == 1) return loop.sums().add_up(c, sums, images);
          auto* const own =
              reinterpret_cast<float*>(static_cast<char*>(c.scratch) + tile * static_cast<std::size_t>(c.part));
          c.share(images, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
              image(axes, channels, c, i * in, i * out, tile > 0 ? own : c.out<float>() + i * in);
              loop.run(c, sums, i, i * rows, (i + 1) * rows, 0, channels, tile > 0 ? own : nullptr);
            }
          });
        });
    kernel.phases = loop.sums().empty() ? 1 : 2;
    kernel.scratch = tile * static_cast<std::size_t>(parts) + loop.sums().bytes(x.front());
    return kernel;
  }
};

struct PoolOp : Op {
  Pool pool;
  void fields(FieldVisitor& f) const override { pool.fields(f); }
  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
    return {{in[0].dtype, pool.output(name(), in[0].shape)}};
  }
};

struct MaxPool final : PoolOp {
  std::string_view name() const override { return "max_pool"; }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                     [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                       largest(axes, channels, c.in<float>() + x, c.out<float>() + y);
                     });
  }
};

/// Of a pooling's input and the gradient by its output: that by its input.
struct MaxPoolBackward final : PoolBackward<MaxPoolBackward> {
  std::string_view name() const override { return "max_pool_backward"; }
  void fields(FieldVisitor& f) const override {
    pool.fields(f);
    epilogue_fields(f);
  }
  int operands() const override { return 2; }
  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
    pool.require_output(name(), in[0].shape, in[1].shape);
    return result(in, in[0].shape);
  }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    const Shape& x = r.in[0].shape;
    const auto axes = pool.axes(x);
    const bool adds = !apart(axes), begins_with_0 = adds || !everywhere(axes);
    return back(r, x, r.in[1].shape,
                [in = x.drop_front().elements(), adds, begins_with_0](auto& axes, auto channels, const graph::Call& c,
                                                                      auto x, auto y, float* dx) {
                  if (begins_with_0) std::fill_n(dx, in, 0.f);
                  (adds ? add_at_largest : put_at_largest)(axes, channels, c.in<float>() + x, c.in<float>(1) + y, dx);
                });
  }
};

struct MaxPoolTake final : PoolOp {
  std::string_view name() const override { return "max_pool_take"; }
  Specs infer(const Specs& in) const override {
    require<ShapeError>(in[0] == in[1], name(), ": expected two tensors of one shape, got ", in[0], " and ", in[1]);
    return PoolOp::infer(in);
  }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                     [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                       take_at_largest(axes, channels, c.in<float>() + x, c.in<float>(1) + x, c.out<float>() + y);
                     });
  }
};

struct AveragePool final : PoolOp {
  std::string_view name() const override { return "average_pool"; }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                     [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                       mean(axes, channels, c.in<float>() + x, c.out<float>() + y);
                     });
  }
};

struct AveragePoolBackward final : PoolBackward<AveragePoolBackward> {
  Shape x;  ///< the pooling's input
  std::string_view name() const override { return "average_pool_backward"; }
  void fields(FieldVisitor& f) const override {
    pool.fields(f);
    f("x", x);
    epilogue_fields(f);
  }
  int operands() const override { return 1; }
  Specs infer(const Specs& in) const override {
    internal::require_computed(name(), in[0]);
    pool.require_output(name(), x, in[0].shape);
    return result(in, x);
  }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    return back(
        r, x, r.in[0].shape,
        [in = x.drop_front().elements()](auto& axes, auto channels, const graph::Call& c, auto, auto y, float* dx) {
          std::fill_n(dx, in, 0.f);
          put_mean(axes, channels, c.in<float>() + y, dx);
        });
  }
};

template <class O>
std::shared_ptr<O> of(const Pool& pool) {
  auto op = std::make_shared<O>();
  op->pool = pool;
  return op;
}

// Which number is the largest does not change with it: each of the three is linear in its last input.
Tensors MaxPool::gradient(const Backward& b) const {
  return {graph::apply1(of<MaxPoolBackward>(pool), {b.x(), b.dy()})};
}
Tensors MaxPoolBackward::gradient(const Backward& b) const {
  return {Tensor(), b.wants(1) ? graph::apply1(of<MaxPoolTake>(pool), {b.x(), b.dy()}) : Tensor()};
}
Tensors MaxPoolTake::gradient(const Backward& b) const {
  return {Tensor(), b.wants(1) ? graph::apply1(of<MaxPoolBackward>(pool), {b.x(), b.dy()}) : Tensor()};
}
Tensors AveragePool::gradient(const Backward& b) const {
  auto op = of<AveragePoolBackward>(pool);
  op->x = b.x().shape();
  return {graph::apply1(std::move(op), {b.dy()})};
}
Tensors AveragePoolBackward::gradient(const Backward& b) const {
  return {graph::apply1(of<AveragePool>(pool), {b.dy()})};
}

const bool pooling_registered =
    graph::register_op<MaxPool, MaxPoolBackward, MaxPoolTake, AveragePool, AveragePoolBackward>();

Pool pool_of(std::string_view op, const Tensor& x, const PerAxis& pool_size, const PoolConfig& config) {
  const int axes = x.ndim() - 2;
  require<ShapeError>(axes >= 1 && axes <= 3, op, ": expected a tensor of three to five axes, got shape ", x.shape());
  const std::vector<std::int64_t> lengths = internal::spread(op, "lengths", pool_size, axes);
  return {internal::windows_of(op, x.shape(), lengths, config.strides.empty() ? pool_size : config.strides, 1,
                               config.padding),
          Shape(lengths)};
}

}  // namespace

Tensor max_pool(const Tensor& x, PerAxis pool_size, PoolConfig config) {
  return graph::apply1(of<MaxPool>(pool_of("max_pool", x, pool_size, config)), {x});
}

Tensor average_pool(const Tensor& x, PerAxis pool_size, PoolConfig config) {
  return graph::apply1(of<AveragePool>(pool_of("average_pool", x, pool_size, config)), {x});
}

}  // namespace cornu::ops
