#include "cornu/ops/pooling.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/epilogue.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/pool_loops.h"
#include "cornu/ops/internal/windows.h"

namespace cornu::ops {
namespace {

using graph::require;
using graph::ShapeError;
using internal::PoolAxes;
using internal::Windows;

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

  PoolAxes axes(const Shape& x) const {
    PoolAxes all;
    const int used = windows.axes();
    for (int axis = 0; axis < used; ++axis) {
      const std::int64_t window = lengths[axis];
      all[static_cast<std::size_t>(3 - used + axis)] = {x[axis + 1], windows.count(axis, x[axis + 1], window), window,
                                                        windows.strides[axis], windows.low[axis]};
    }
    return all;
  }
};

/// Calls f with a number of the dtype in which tensors are that a pooling reads.
template <class F>
Kernel with_type(graph::DType dtype, F&& f) {
  return dtype == graph::bfloat16 ? f(graph::BFloat16()) : f(float());
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
/// dx)` gives one in float32, of which dx is not yet set.
template <class Derived>
struct PoolBackward : Op, internal::TakesEpilogue, TakesBFloat16 {
  Pool pool;

  bool takes_bfloat16(const Specs& in, const Specs&) const override {
    return std::all_of(in.begin(), in.end(), [](const graph::Spec& spec) { return spec.dtype == graph::bfloat16; });
  }
  std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const Tensors&,
                                                                        const Shape& out) const override {
    return rows_of(out);
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
    std::optional<internal::EpilogueLoop> loop;
    if (epilogue && x.elements() > 0) loop.emplace(*epilogue, r, operands(), x.elements() / x.back(), x.back());
    const std::int64_t in = x.drop_front().elements();
    const bool tiled = loop && loop->tiled(), rounds = !tiled && r.out[0].dtype == graph::bfloat16;
    const std::size_t tile = tiled || rounds ? static_cast<std::size_t>(in) * sizeof(float) : 0;
    const int parts = r.parts(x.elements() * 4);
    Kernel kernel =
        Kernel::native(parts, [=, axes = pool.axes(x), images = x.front(), channels = x.back(),
                               out = y.drop_front().elements()](const graph::Call& c) {
          char* const sums = static_cast<char*>(c.scratch) + tile * static_cast<std::size_t>(parts);
          if (c.phase == 1) return loop->sums().add_up(c, sums, images);
          auto* const own =
              reinterpret_cast<float*>(static_cast<char*>(c.scratch) + tile * static_cast<std::size_t>(c.part));
          c.share(images, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
              image(axes, channels, c, i * in, i * out, tile > 0 ? own : c.out<float>() + i * in);
              if (rounds) std::copy_n(own, in, c.out<graph::BFloat16>() + i * in);
              const std::int64_t rows = in / channels;
              if (loop) loop->run(c, sums, i, i * rows, (i + 1) * rows, 0, channels, tiled ? own : nullptr);
            }
          });
        });
    if (loop && !loop->sums().empty()) kernel.phases = 2;
    kernel.scratch = tile * static_cast<std::size_t>(parts) + (loop ? loop->sums().bytes(x.front()) : 0);
    return kernel;
  }
};

struct PoolOp : Op, TakesBFloat16 {
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
    return with_type(r.in[0].dtype, [&]<class T>(T) {
      return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                       [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                         internal::largest(axes, channels, c.in<T>() + x, c.out<T>() + y);
                       });
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
    const bool adds = !internal::lie_apart(axes), begins_with_0 = adds || !internal::lie_everywhere(axes);
    return with_type(r.in[0].dtype, [&]<class T>(T) {
      return back(r, x, r.in[1].shape,
                  [in = x.drop_front().elements(), adds, begins_with_0](auto& axes, auto channels, const graph::Call& c,
                                                                        auto x, auto y, float* dx) {
                    if (begins_with_0) std::fill_n(dx, in, 0.f);
                    if (adds)
                      internal::add_at_largest(axes, channels, c.in<T>() + x, c.in<T>(1) + y, dx);
                    else
                      internal::put_at_largest(axes, channels, c.in<T>() + x, c.in<T>(1) + y, dx);
                  });
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
    return with_type(r.in[0].dtype, [&]<class T>(T) {
      return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                       [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                         internal::take_at_largest(axes, channels, c.in<T>() + x, c.in<T>(1) + x, c.out<T>() + y);
                       });
    });
  }
};

struct AveragePool final : PoolOp {
  std::string_view name() const override { return "average_pool"; }
  Tensors gradient(const Backward& b) const override;
  Kernel plan(const PlanRequest& r) const override {
    return with_type(r.in[0].dtype, [&]<class T>(T) {
      return by_images(r, pool, r.in[0].shape, r.out[0].shape,
                       [](auto& axes, auto channels, const graph::Call& c, auto x, auto y) {
                         internal::mean(axes, channels, c.in<T>() + x, c.out<T>() + y);
                       });
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
    return with_type(r.in[0].dtype, [&]<class T>(T) {
      return back(
          r, x, r.in[0].shape,
          [in = x.drop_front().elements()](auto& axes, auto channels, const graph::Call& c, auto, auto y, float* dx) {
            std::fill_n(dx, in, 0.f);
            internal::add_mean(axes, channels, c.in<T>() + y, dx);
          });
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
