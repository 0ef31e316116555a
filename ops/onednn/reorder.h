#pragma once

#include "cornu/ops/onednn/kernel.h"

namespace cornu::ops::onednn {

/// Copies input 0, which lies as `from` says, to output 0, which lies as `to` says.
Piece reorder(std::string_view op, const MemoryDesc& from, const MemoryDesc& to);

/// Whether both lie the same way.
bool same_layout(const MemoryDesc& a, const MemoryDesc& b);

}  // namespace cornu::ops::onednn
