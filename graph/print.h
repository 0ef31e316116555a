#pragma once

#include <string>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// A computation as text: what it reads, then a node a line with its name scope, inputs, fields (those that are not
/// false), dtype and shape, then outputs and updates. Constants of one element stand where they are used; those of up
/// to 8 are shown by value.
///
///     parameters
///       %0 : float32(256, 784)
///     variables
///       %w0:"dense/kernel" : float32(784, 512)
///     nodes
///       %1 = dense/matmul(%0, %w0:"dense/kernel") : float32(256, 512)
///       %2 = multiply(%1, 0.5) : float32(256, 512)
///     outputs
///       %2
///
/// Empty parts are left out. An update is written `%w0:"dense/kernel" <- %7`.
std::string to_string(const Outputs& outputs);

/// The same as a Graphviz digraph: nodes in boxes of their name scopes, edges labelled with dtype and shape, updates as
/// dashed edges.
std::string to_dot(const Outputs& outputs, std::string_view name = "computation");

}  // namespace cornu::graph
