#pragma once

#include <cstddef>
#include <typeinfo>
#include <unordered_map>

#include "cornu/graph/op.h"

namespace cornu::graph::internal {

/// The op as one of the interfaces that ops may have beside Op; null if it has not. It gives what
/// `dynamic_cast<const T*>(&op)` gives. That searches the bases of the op's class by name each time, and passes ask
/// every node: here each class is searched once, and remembered with the distance of the interface within its objects.
template <class T>
const T* implements(const Op& op) {
  constexpr std::ptrdiff_t kNot = -1;
  thread_local std::unordered_map<const std::type_info*, std::ptrdiff_t> distances;
  const auto* whole = static_cast<const std::byte*>(dynamic_cast<const void*>(&op));
  const auto [found, fresh] = distances.try_emplace(&typeid(op), kNot);
  if (fresh)
    if (const auto* part = dynamic_cast<const T*>(&op))
      found->second = reinterpret_cast<const std::byte*>(part) - whole;
  return found->second == kNot ? nullptr : reinterpret_cast<const T*>(whole + found->second);
}

}  // namespace cornu::graph::internal
