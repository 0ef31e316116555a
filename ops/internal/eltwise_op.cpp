#include "cornu/ops/internal/eltwise_op.h"

#include "cornu/ops/internal/floating.h"
#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops::internal {
namespace {

onednn::PrimitiveDesc describe_eltwise(std::string_view op, const onednn::Eltwise& f, const onednn::MemoryDesc& data) {
#if DNNL_VERSION_MAJOR >= 3
  return onednn::describe(op, dnnl_eltwise_forward_primitive_desc_create, onednn::attributes(op),
                          dnnl_forward_inference, f.algorithm, data.get(), data.get(), f.alpha, f.beta);
#else
  return onednn::describe(op, dnnl_eltwise_forward_desc_init, onednn::attributes(op), dnnl_forward_inference,
                          f.algorithm, data.get(), f.alpha, f.beta);
#endif
}

}  // namespace

graph::Specs EltwiseOp::infer(const graph::Specs& in) const {
  require_computed(name(), in[0]);
  return {in[0]};
}

graph::Kernel EltwiseOp::plan(const graph::PlanRequest& r) const {
  const std::int64_t n = r.out[0].shape.elements();
  const auto function = as_primitive();
  if (n == 0) return graph::Kernel::native([](const graph::Call&) {});
  if (!function) {
    return graph::Kernel::native(r.parts(n), [loop = loop(), n](const graph::Call& c) {
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        loop(c.in<float>() + begin, c.out<float>() + begin, end - begin);
      });
    });
  }
  return onednn::kernel(name(), r.parts(n), n, [&](std::int64_t begin, std::int64_t end) {
    const onednn::MemoryDesc data(graph::Shape{end - begin});
    return onednn::Piece{describe_eltwise(name(), *function, data),
                         {{DNNL_ARG_SRC, data, 0, false, begin}, {DNNL_ARG_DST, data, 0, true, begin}}};
  });
}

}  // namespace cornu::ops::internal
