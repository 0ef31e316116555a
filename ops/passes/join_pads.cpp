#include <optional>

#include "cornu/graph/passes/pass.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/passes/internal/match.h"

// The sum of tensors that are zero but in sections which lie side by side -> the sections one after another: the
// gradient of what was split, as the gates of a recurrent step are.
namespace cornu::ops {
namespace {

using graph::Node;
using graph::Users;
using internal::is;

/// A section of a larger tensor along an axis; the rest is zero.
struct Section {
  int axis;
  std::int64_t begin, end;
  Tensors parts;
};

std::optional<Section> section_of(const Tensor& t, const Users& users) {
  if (!is(t, "pad") || users.of(t) != 1) return std::nullopt;
  const graph::Op& op = t.node().op();
  const auto axis = internal::number_field(op, "axis"), before = internal::number_field(op, "before");
  if (!axis || !before) return std::nullopt;
  const Tensor& x = t.node().inputs()[0];
  Section section{static_cast<int>(*axis), static_cast<std::int64_t>(*before), 0, {x}};
  section.end = section.begin + x.shape()[section.axis];
  if (is(x, "concatenate") && users.of(x) == 1 && internal::number_field(x.node().op(), "axis") == *axis)
    section.parts = x.node().inputs();
  return section;
}

Tensors join_pads(const Node& node, const Users& users) {
  if (!is(node, "add")) return {};
  auto a = section_of(node.inputs()[0], users), b = section_of(node.inputs()[1], users);
  if (!a || !b || a->axis != b->axis || node.inputs()[0].spec() != node.inputs()[1].spec()) return {};
  if (b->end == a->begin) std::swap(a, b);
  if (a->end != b->begin) return {};
  a->parts.insert(a->parts.end(), b->parts.begin(), b->parts.end());
  return {pad(concatenate(a->parts, a->axis), a->axis, a->begin, node.outputs()[0].shape[a->axis] - b->end)};
}

const bool join_pads_registered = graph::register_rule("fusion", "join_pads", join_pads);

}  // namespace
}  // namespace cornu::ops
