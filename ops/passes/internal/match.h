#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"

namespace cornu::ops::internal {

/// What rules ask about nodes. Ops are known by name, their fields by the names under which they are visited.
inline bool is(const graph::Node& node, std::string_view op) { return node.op().name() == op; }
inline bool is(const graph::Tensor& tensor, std::string_view op) { return is(tensor.node(), op); }

/// A field of an op, a number (whole ones as well) or a list; nothing if it has none of that name and kind.
std::optional<double> number_field(const graph::Op& op, std::string_view name);
std::vector<std::int64_t> integers_field(const graph::Op& op, std::string_view name);

/// True if the tensor is a constant whose elements all are that number, sign of zero included.
bool is_constant(const graph::Tensor& tensor, double value);

}  // namespace cornu::ops::internal
