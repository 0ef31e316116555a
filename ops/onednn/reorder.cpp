#include "cornu/ops/onednn/reorder.h"

namespace cornu::ops::onednn {

Piece reorder(std::string_view op, const MemoryDesc& from, const MemoryDesc& to) {
  const graph::internal::ThreadLimit alone(1);
  dnnl_primitive_desc_t made = nullptr;
  check(dnnl_reorder_primitive_desc_create(&made, from.get(), engine(), to.get(), engine(), attributes(op).get()), op,
        "describe a change of layout");
  return {PrimitiveDesc(made), {{DNNL_ARG_FROM, from, 0}, {DNNL_ARG_TO, to, 0, true}}};
}

bool same_layout(const MemoryDesc& a, const MemoryDesc& b) { return dnnl_memory_desc_equal(a.get(), b.get()) != 0; }

}  // namespace cornu::ops::onednn
