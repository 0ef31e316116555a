#include "cornu/ops/onednn/describe.h"

namespace cornu::ops::onednn {

Attributes attributes(std::string_view op, const std::optional<Eltwise>& post_op) {
  dnnl_primitive_attr_t made = nullptr;
  check(dnnl_primitive_attr_create(&made), op, "make attributes");
  Attributes attributes(made);
  check(dnnl_primitive_attr_set_scratchpad_mode(made, dnnl_scratchpad_mode_user), op,
        "choose where scratch memory comes from");
  if (!post_op) return attributes;
  dnnl_post_ops_t list = nullptr;
  check(dnnl_post_ops_create(&list), op, "make post-ops");
  const PostOps post_ops(list);
#if DNNL_VERSION_MAJOR >= 3
  check(dnnl_post_ops_append_eltwise(list, post_op->algorithm, post_op->alpha, post_op->beta), op,
        "append an activation");
#else
  check(dnnl_post_ops_append_eltwise(list, 1.f, post_op->algorithm, post_op->alpha, post_op->beta), op,
        "append an activation");
#endif
  check(dnnl_primitive_attr_set_post_ops(made, list), op, "set post-ops");
  return attributes;
}

MemoryDesc chosen(const PrimitiveDesc& desc, dnnl_query_t which, graph::DType dtype) {
  return MemoryDesc(dnnl_primitive_desc_query_md(desc.get(), which, 0), dtype);
}

std::string_view implementation(const_dnnl_primitive_desc_t desc) {
  const char* text = nullptr;
  check(dnnl_primitive_desc_query(desc, dnnl_query_impl_info_str, 0, &text), "oneDNN", "name an implementation");
  return text;
}

}  // namespace cornu::ops::onednn
