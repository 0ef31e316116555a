#include "cornu/ops/native/softmax_cross_entropy.h"

#include <cmath>
#include <limits>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/internal/exp.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"

namespace cornu::ops {
namespace {

using graph::require;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

float largest(const float* x, std::int64_t n) {
  float top = -std::numeric_limits<float>::infinity();
#pragma omp simd reduction(max : top)
  for (std::int64_t i = 0; i < n; ++i) top = x[i] > top ? x[i] : top;
  return top;
}

// A row (…, n) at a time, for loops over rows.
struct Rows {
  std::int64_t count = 0, length = 0;
  explicit Rows(const Spec& logits) : count(logits.shape.drop_back().elements()), length(logits.shape.back()) {}
  std::int64_t work() const { return count * length * 4; }
  template <class F>
  void each(const graph::Call& c, F&& f) const {
    c.share(count, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) f(row, row * length);
    });
  }
};

void require_logits(std::string_view op, const Spec& logits) {
  require<TypeError>(internal::is_computed(logits.dtype), op, ": expected float32 or bfloat16 logits, got ", logits);
  require<ShapeError>(logits.shape.rank() > 0, op, ": expected logits of shape (…, classes), got a scalar");
}
void require_target(std::string_view op, const Spec& logits, const Spec& target) {
  require_logits(op, logits);
  require<TypeError>(target.dtype == logits.dtype, op, ": expected a ", logits.dtype,
                     " target, as the logits are, got ", target);
  require<ShapeError>(target.shape == logits.shape, op, ": expected a target of the logits' shape ", logits.shape,
                      ", got ", target.shape);
}
void require_labels(std::string_view op, const Spec& logits, const Spec& labels) {
  require_logits(op, logits);
  require<ShapeError>(labels.shape == logits.shape.drop_back(), op, ": expected labels of shape ",
                      logits.shape.drop_back(), " for logits ", logits.shape, ", got ", labels.shape);
}
void require_cotangent(std::string_view op, const Spec& logits, const Spec& dy) {
  require<ShapeError>(dy == Spec{logits.dtype, logits.shape.drop_back()}, op, ": expected a gradient ", logits.dtype,
                      ' ', logits.shape.drop_back(), ", got ", dy);
}

// The gradient by logits, (softmax(x) sum(t) - t) dy, in one pass over memory.
struct SoftmaxCrossEntropyBackward final : Op {
  std::string_view name() const override { return "softmax_cross_entropy_backward"; }
  Specs infer(const Specs& in) const override {
    require_target(name(), in[0], in[1]);
    require_cotangent(name(), in[0], in[2]);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override {
    const Tensor &t = b.x(1), dy = expand_dims(b.x(2), -1), g = b.dy();
    const Tensor p = softmax(b.x(0)), s = sum(t, -1, keepdims);
    const Tensor h = g * dy * s, gp = sum(g * p, -1, keepdims);
    return {b.wants(0) ? (h - sum(h * p, -1, keepdims)) * p : Tensor(), b.wants(1) ? (gp - g) * dy : Tensor(),
            b.wants(2) ? squeeze(gp * s - sum(g * t, -1, keepdims), -1) : Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Rows rows(r.in[0]);
    return Kernel::native(r.parts(rows.work()), [rows](const graph::Call& c) {
      rows.each(c, [&](std::int64_t row, std::int64_t first) {
        const float *x = c.in<float>(0) + first, *t = c.in<float>(1) + first;
        float* y = c.out<float>() + first;
        const float top = largest(x, rows.length), dy = c.in<float>(2)[row];
        float exp_sum = 0, t_sum = 0;
#pragma omp simd reduction(+ : exp_sum, t_sum)
        for (std::int64_t i = 0; i < rows.length; ++i) {
          y[i] = internal::exp_nonpositive(x[i] - top);
          exp_sum += y[i];
          t_sum += t[i];
        }
        const float scale = t_sum / exp_sum;
        for (std::int64_t i = 0; i < rows.length; ++i) y[i] = (y[i] * scale - t[i]) * dy;
      });
    });
  }
};
const bool backward_registered = graph::register_op<SoftmaxCrossEntropyBackward>();

struct SoftmaxCrossEntropy final : Op {
  std::string_view name() const override { return "softmax_cross_entropy"; }
  Specs infer(const Specs& in) const override {
    require_target(name(), in[0], in[1]);
    return {{in[0].dtype, in[0].shape.drop_back()}};
  }
  Tensors gradient(const Backward& b) const override {
    const auto [x, t, y, dy] = b.binary();
    return {b.wants(0) ? graph::apply1(std::make_shared<SoftmaxCrossEntropyBackward>(), {x, t, dy}) : Tensor(),
            b.wants(1) ? -log_softmax(x) * expand_dims(dy, -1) : Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Rows rows(r.in[0]);
    return Kernel::native(r.parts(rows.work()), [rows](const graph::Call& c) {
      rows.each(c, [&](std::int64_t row, std::int64_t first) {
        const float *x = c.in<float>(0) + first, *t = c.in<float>(1) + first;
        const float top = largest(x, rows.length);
        float exp_sum = 0, t_sum = 0, dot = 0;
#pragma omp simd reduction(+ : exp_sum, t_sum, dot)
        for (std::int64_t i = 0; i < rows.length; ++i) {
          const float below = x[i] - top;
          exp_sum += internal::exp_nonpositive(below);
          t_sum += t[i];
          dot += t[i] * below;
        }
        c.out<float>()[row] = rows.length == 0 ? 0 : std::log(exp_sum) * t_sum - dot;
      });
    });
  }
};
const bool forward_registered = graph::register_op<SoftmaxCrossEntropy>();

// A label as an index; -1 if it is none.
template <class T>
std::int64_t index_of(T label, std::int64_t classes) {
  const auto i = graph::internal::convert<std::int64_t>(label);
  return i >= 0 && i < classes ? i : -1;
}

// (softmax(x) - one_hot(label)) dy in one pass over memory.
struct SparseSoftmaxCrossEntropyBackward final : Op {
  std::string_view name() const override { return "sparse_softmax_cross_entropy_backward"; }
  Specs infer(const Specs& in) const override {
    require_labels(name(), in[0], in[1]);
    require_cotangent(name(), in[0], in[2]);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override {
    const Tensor dy = expand_dims(b.x(2), -1), g = b.dy(), p = softmax(b.x(0));
    const Tensor h = g * dy;
    return {b.wants(0) ? (h - sum(h * p, -1, keepdims)) * p : Tensor(), Tensor(),
            b.wants(2) ? sum(g * (p - cast(one_hot(b.x(1), p.shape().back()), p.dtype())), -1) : Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Rows rows(r.in[0]);
    return Kernel::native(r.parts(rows.work()), [rows, dtype = r.in[1].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        rows.each(c, [&](std::int64_t row, std::int64_t first) {
          const float* x = c.in<float>(0) + first;
          float* y = c.out<float>() + first;
          const std::int64_t label = index_of(c.in<decltype(zero)>(1)[row], rows.length);
          const float top = largest(x, rows.length), dy = c.in<float>(2)[row];
          float exp_sum = 0;
#pragma omp simd reduction(+ : exp_sum)
          for (std::int64_t i = 0; i < rows.length; ++i) {
            y[i] = internal::exp_nonpositive(x[i] - top);
            exp_sum += y[i];
          }
          const float scale = label < 0 ? kNaN : dy / exp_sum;
          for (std::int64_t i = 0; i < rows.length; ++i) y[i] *= scale;
          if (label >= 0) y[label] -= dy;
        });
      });
    });
  }
};
const bool sparse_backward_registered = graph::register_op<SparseSoftmaxCrossEntropyBackward>();

struct SparseSoftmaxCrossEntropy final : Op {
  std::string_view name() const override { return "sparse_softmax_cross_entropy"; }
  Specs infer(const Specs& in) const override {
    require_labels(name(), in[0], in[1]);
    return {{in[0].dtype, in[1].shape}};
  }
  Tensors gradient(const Backward& b) const override {
    const auto [x, labels, y, dy] = b.binary();
    return {graph::apply1(std::make_shared<SparseSoftmaxCrossEntropyBackward>(), {x, labels, dy}), Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Rows rows(r.in[0]);
    return Kernel::native(r.parts(rows.work()), [rows, dtype = r.in[1].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        rows.each(c, [&](std::int64_t row, std::int64_t first) {
          const float* x = c.in<float>(0) + first;
          const std::int64_t label = index_of(c.in<decltype(zero)>(1)[row], rows.length);
          const float top = largest(x, rows.length);
          float exp_sum = 0;
#pragma omp simd reduction(+ : exp_sum)
          for (std::int64_t i = 0; i < rows.length; ++i) exp_sum += internal::exp_nonpositive(x[i] - top);
          c.out<float>()[row] = label < 0 ? kNaN : std::log(exp_sum) - (x[label] - top);
        });
      });
    });
  }
};
const bool sparse_forward_registered = graph::register_op<SparseSoftmaxCrossEntropy>();

}  // namespace

Tensor softmax_cross_entropy(const Tensor& logits, const Tensor& target) {
  return graph::apply1(std::make_shared<SoftmaxCrossEntropy>(), {logits, target});
}

Tensor sparse_softmax_cross_entropy(const Tensor& logits, const Tensor& labels) {
  return graph::apply1(std::make_shared<SparseSoftmaxCrossEntropy>(), {logits, labels});
}

}  // namespace cornu::ops
