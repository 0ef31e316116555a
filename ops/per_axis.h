#pragma once

#include <initializer_list>
#include <iosfwd>
#include <vector>

namespace cornu::ops {

/// A number for each spatial axis: `.strides = {2, 1}`, or one for all, `.strides = 2`; empty: not given.
struct PerAxis : std::vector<int> {
  PerAxis() = default;
  PerAxis(int all) : vector{all} {}                           // NOLINT: one for all
  PerAxis(std::initializer_list<int> each) : vector(each) {}  // NOLINT: one for each
};

/// `(2, 1)`, `(2,)`.
std::ostream& operator<<(std::ostream&, const PerAxis&);

}  // namespace cornu::ops
