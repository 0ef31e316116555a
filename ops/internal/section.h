#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cornu/graph/array/shape.h"

namespace cornu::ops::internal {

/// Rows of so many columns that lie `stride` elements apart in a larger tensor, the first one at `offset`.
struct Section {
  std::int64_t rows = 0, columns = 0, stride = 0, offset = 0;
};

/// What an op offers that copies a section of its input (slice): a fused loop reads the section where it lies.
class TakesSection {
 public:
  virtual Section section_of(const graph::Shape& x) const = 0;

 protected:
  ~TakesSection() = default;
};

/// What an op offers whose inputs become sections of its output (concatenate): a fused loop writes them there.
class JoinsSections {
 public:
  virtual std::vector<Section> sections_of(const std::vector<graph::Shape>& parts) const = 0;

 protected:
  ~JoinsSections() = default;
};

}  // namespace cornu::ops::internal
