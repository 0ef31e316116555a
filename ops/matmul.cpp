#include "cornu/ops/matmul.h"

#include <algorithm>
#include <cstring>

#include "cornu/ops/binary.h"
#include "cornu/ops/internal/batched_product.h"
#include "cornu/ops/internal/floating.h"
#include "cornu/ops/internal/matmul_op.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::ops {
namespace internal {
namespace {

using graph::require;

/// Lengths of the matrices in the last two axes.
struct Extents {
  Extents(const Shape& a, const Shape& b, bool transpose_a, bool transpose_b)
      : m(a[a.rank() - (transpose_a ? 1 : 2)]),
        k(a[a.rank() - (transpose_a ? 2 : 1)]),
        n(b[b.rank() - (transpose_b ? 2 : 1)]),
        inner_b(b[b.rank() - (transpose_b ? 1 : 2)]) {}
  std::int64_t m, k, n, inner_b;
};

/// The leading axes of a with those of b: nothing if b is shared and a's rows follow one another, one axis if equal,
/// else as they are.
void simplify(Shape& a, Shape& b, Shape& out, std::int64_t& m, bool rows_follow) {
  if (b.elements() == 1 && (rows_follow || a.elements() == 1)) {
    m *= a.elements();
    a = b = out = {};
  } else if (a == b) {
    a = b = out = a.empty() ? Shape{} : Shape{a.elements()};
  } else {
    while (a.rank() < out.rank()) a = a.prepend(1);
    while (b.rank() < out.rank()) b = b.prepend(1);
  }
}

}  // namespace

void Matmul::fields(graph::FieldVisitor& f) const {
  f("transpose_a", transpose_a);
  f("transpose_b", transpose_b);
  contraction_fields(f);
}

std::optional<std::pair<std::int64_t, std::int64_t>> Matmul::rows_and_columns(const Tensors& in,
                                                                              const Shape& out) const {
  const Shape &a = in[0].shape(), &b = in[1].shape();
  if (b.rank() != 2 || (a.rank() != 2 && transpose_a) || b.elements() == 0) return std::nullopt;
  return rows_of(out);
}

Specs Matmul::infer(const Specs& in) const {
  const Shape &a = in[0].shape, &b = kernel_shape(in);
  const graph::DType dtype = in[0].dtype;
  require<TypeError>(is_computed(dtype) && (packed || in[1].dtype == dtype), name(),
                     ": expected two float32 or two bfloat16 tensors, got ", in[0], " and ", in[1]);
  require<ShapeError>(a.rank() >= 2 && b.rank() >= 2, name(), ": expected tensors of rank 1 or more, got shapes ", a,
                      " and ", b);
  const Extents e(a, b, transpose_a, transpose_b);
  require<ShapeError>(e.k == e.inner_b, name(), ": the inner axes differ: ", e.k, " of shape ", a,
                      transpose_a ? " (transposed)" : "", " and ", e.inner_b, " of shape ", b,
                      transpose_b ? " (transposed)" : "");
  const Shape out = graph::broadcast(a.drop_back(2), b.drop_back(2), name()).append(e.m).append(e.n);
  if (bias)
    require<ShapeError>(in[2] == Spec{dtype, {e.n}}, name(), ": expected a ", dtype, " bias of shape (", e.n,
                        ",), got ", in[2]);
  return epilogue ? epilogue->results : Specs{{dtype, out}};
}

Tensors Matmul::gradient(const graph::Backward& g) const {
  const Tensor &a = g.x(0), &b = g.x(1);
  Tensor dy = g.dy();
  Tensors grads(g.inputs().size());
  if (activation) {  // its gradient may need what came before it
    auto before = std::make_shared<Matmul>(*this);
    before->activation = nullptr;
    const Tensors x{graph::apply1(before, g.inputs())}, y{g.y()}, dys{dy};
    dy = activation->gradient(graph::Backward(x, y, dys, {true}))[0];
    if (!dy.defined()) return grads;
  }
  if (bias && g.wants(2)) grads[2] = sum_to(dy, g.x(2).shape());
  if (b.ndim() == 2 && a.ndim() > 2 && !transpose_a) {  // one large product instead of a sum of small ones
    const auto rows = [](const Tensor& t) { return reshape(t, {-1, t.shape().back()}); };
    if (a.shape().elements() > 0 && dy.shape().elements() > 0) {
      if (g.wants(0)) grads[0] = matmul(dy, b, {.transpose_b = !transpose_b});
      if (g.wants(1))
        grads[1] = transpose_b ? matmul(rows(dy), rows(a), {.transpose_a = true})
                               : matmul(rows(a), rows(dy), {.transpose_a = true});
      return grads;
    }
  }
  if (g.wants(0)) {
    const Tensor da = transpose_a ? matmul(b, dy, {.transpose_a = transpose_b, .transpose_b = true})
                                  : matmul(dy, b, {.transpose_b = !transpose_b});
    grads[0] = sum_to(da, a.shape());
  }
  if (g.wants(1)) {
    const Tensor db = transpose_b ? matmul(dy, a, {.transpose_a = true, .transpose_b = transpose_a})
                                  : matmul(a, dy, {.transpose_a = !transpose_a});
    grads[1] = sum_to(db, b.shape());
  }
  return grads;
}

Tensor Matmul::sum_over_steps(const graph::Node& node, const OverSteps& steps) const {
  const Tensor &a = node.inputs()[0], &b = node.inputs()[1];
  if (bias || activation || epilogue || a.ndim() != 2 || b.ndim() != 2) return {};
  const auto linear_in = [&](int varying) {  // the other one is the same in all steps
    Tensors in{a, b};
    in[static_cast<std::size_t>(varying)] = steps.sum(in[static_cast<std::size_t>(varying)]);
    Tensor& same = in[static_cast<std::size_t>(1 - varying)];
    same = steps.once(same);
    return in[0].defined() && in[1].defined() ? graph::apply1(node.op_ptr(), in) : Tensor();
  };
  if (!steps.varies(b)) return linear_in(0);
  if (!steps.varies(a)) return linear_in(1);
  const Tensor all_a = steps.all(a), all_b = steps.all(b);
  if (!all_a.defined() || !all_b.defined()) return {};
  // Where the inner axis is not the first one of a step's matrix, the steps go behind the rows.
  const auto taller = [](const Tensor& t) { return reshape(t, {t.shape()[0] * t.shape()[1], t.shape()[2]}); };
  const auto wider = [](const Tensor& t) {
    return reshape(transpose(t, {1, 0, 2}), {t.shape()[1], t.shape()[0] * t.shape()[2]});
  };
  return matmul(transpose_a ? taller(all_a) : wider(all_a), transpose_b ? wider(all_b) : taller(all_b),
                {.transpose_a = transpose_a, .transpose_b = transpose_b});
}

bool Matmul::takes_bfloat16(const Specs& in, const Specs& out) const {
  return out[0].shape.elements() > 0 && Extents(in[0].shape, in[1].shape, transpose_a, transpose_b).k > 0 &&
         multiplies_bfloat16();
}

Kernel Matmul::plan(const PlanRequest& r) const {
  const Shape &a = r.in[0].shape, &b = kernel_shape(r.in), &out = r.out[0].shape;
  const Extents e(a, b, transpose_a, transpose_b);
  if (out.elements() == 0) return Kernel::native([](const graph::Call&) {});
  if (e.k == 0) {  // nothing is summed
    return Kernel::native([bytes = r.out[0].bytes()](const graph::Call& c) { std::memset(c.dst[0], 0, bytes); });
  }
  Shape batch_a = a.drop_back(2), batch_b = b.drop_back(2), batch = out.drop_back(2);
  std::int64_t m = e.m;
  simplify(batch_a, batch_b, batch, m, !transpose_a);
  if (batch.empty()) return plan_product(*this, {m, e.k, e.n}, r);

  return plan_batched_product(*this, {batch_a, batch_b, batch, {m, e.k, e.n}}, r);
}

}  // namespace internal

namespace {
const bool matmul_registered = graph::register_op<internal::Matmul>();
}

Tensor matmul(const Tensor& a, const Tensor& b, MatmulConfig config) {
  if (a.ndim() == 1 || b.ndim() == 1) {
    graph::require<ShapeError>((a.ndim() > 1 || !config.transpose_a) && (b.ndim() > 1 || !config.transpose_b),
                               "matmul: a vector cannot be transposed, got shapes ", a.shape(), " and ", b.shape());
    Tensor y = matmul(a.ndim() == 1 ? expand_dims(a, 0) : a, b.ndim() == 1 ? expand_dims(b, 1) : b, config);
    if (b.ndim() == 1) y = squeeze(y, -1);
    return a.ndim() == 1 ? squeeze(y, b.ndim() == 1 ? -1 : -2) : y;
  }
  auto op = std::make_shared<internal::Matmul>();
  op->transpose_a = config.transpose_a;
  op->transpose_b = config.transpose_b;
  return graph::apply1(std::move(op), {a, b});
}

}  // namespace cornu::ops
