#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cornu::ops::internal {

/// How numbers between the points of an axis are found.
enum class Interpolation { nearest, bilinear, bicubic, lanczos3, lanczos5, area };

/// Throws ValueError, beginning with `who`, for another word.
Interpolation interpolation_of(std::string_view who, const std::string& name);
std::string_view name_of(Interpolation interpolation);

/// A sparse matrix by rows: row r has the weights from `begin[r]` to `begin[r + 1]`, each at a column.
struct Taps {
  std::vector<std::int64_t> begin{0};
  std::vector<std::int64_t> columns;
  std::vector<float> weights;

  std::int64_t rows() const { return static_cast<std::int64_t>(begin.size()) - 1; }
  void add(std::int64_t column, float weight);
  void end_row() { begin.push_back(static_cast<std::int64_t>(columns.size())); }
  /// The matrix with rows and columns swapped, of which it has so many.
  Taps transposed(std::int64_t of_columns) const;
};

/// The weights by which `out` points are made of `in`. A point is the middle of an interval, and both rows of intervals
/// span the same length. `antialias` widens the kernels of all but nearest and area where points become fewer, so that
/// none is passed over. What is computed is what TensorFlow computes, in float.
Taps taps(Interpolation interpolation, bool antialias, std::int64_t in, std::int64_t out);

}  // namespace cornu::ops::internal
