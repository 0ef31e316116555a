#pragma once

#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::tests {

/// How the memory of an interpreted run lies.
struct Placement {
  bool misaligned = false;  ///< buffers begin one element behind a 64-byte boundary
  bool in_place = false;    ///< an elementwise op writes over an input that nobody else reads
  int threads = 1;
};

/// Computes tensors node by node, each op's kernel alone, with no rewriting and no sharing of memory: an independent
/// way to run what a Function runs. Outputs begin as garbage, and bytes around them are checked to stay as they were
/// (throws std::logic_error).
std::vector<graph::Array> interpret(const graph::Tensors& outputs, const std::vector<graph::Array>& arguments,
                                    Placement placement = {});

/// The nodes that outputs depend on, inputs first.
std::vector<const graph::Node*> nodes_of(const graph::Tensors& outputs);

}  // namespace cornu::tests
