#pragma once

#include <string_view>
#include <vector>

#include "cornu/graph/kernel.h"
#include "cornu/ops/onednn/descriptors.h"

namespace cornu::ops::onednn {

/// Which of a call's pointers is which of a primitive's arguments.
struct Argument {
  int name;              ///< DNNL_ARG_SRC, …
  MemoryDesc desc;
  int index;             ///< of the call's inputs, or of its outputs
  bool output = false;
};

/// The primitive as a kernel: made here, once; a launch only passes pointers. The call's thread limit at this moment also holds when it runs.
graph::Kernel kernel(std::string_view op, PrimitiveDesc desc, std::vector<Argument> arguments);

}  // namespace cornu::ops::onednn
