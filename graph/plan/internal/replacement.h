#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cornu::graph::internal {

/// What decides whether a kept plan stays. Times are counted in plans that were made.
struct PlanUse {
  std::uint64_t last = 0;     ///< the last use, counted in changes from one plan to another
  std::uint64_t made_by = 0;  ///< how many plans had been made at that use
};

/// Which of the kept plans, in the order in which they came, gives way to a new one after `made` plans were made.
///
/// Lengths that come round again and again, more of them than plans are kept, would find each plan dropped just before
/// its turn if the ones used last stayed. So three quarters of the places are for plans that stay while they are used
/// at all, and one quarter is for those that come and go: the plan that gives way is the one used least recently among
/// that many newest. But a plan that was not used while twice as many plans were made as are kept goes first.
inline std::size_t gives_way(std::span<const PlanUse> kept, std::uint64_t made) {
  const auto least_recent = [&](std::size_t first) {
    std::size_t found = first;
    for (std::size_t i = first + 1; i < kept.size(); ++i)
      if (kept[i].last < kept[found].last) found = i;
    return found;
  };
  const std::size_t oldest = least_recent(0);
  if (made - kept[oldest].made_by > 2 * kept.size()) return oldest;
  return least_recent(kept.size() - (kept.size() + 3) / 4);
}

}  // namespace cornu::graph::internal
