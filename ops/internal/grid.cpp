#include "cornu/ops/internal/grid.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "cornu/graph/check.h"

namespace cornu::ops::internal {

std::optional<Grid> grid_of(const graph::Shape& out, const std::vector<graph::Shape>& in,
                            std::optional<std::pair<std::int64_t, std::int64_t>> given) {
  const std::int64_t n = out.elements();
  Grid grid{given ? given->first : 1, given ? given->second : n, {}};
  bool cut = given.has_value();  // rows and columns are decided
  for (const graph::Shape& shape : in) {
    const std::int64_t m = shape.elements();
    if (m == n || m == 1) {
      grid.inputs.push_back({m == n, m == n});
      continue;
    }
    graph::Shape padded = shape;
    while (padded.rank() < out.rank()) padded = padded.prepend(1);
    int first = 0, last = out.rank();  // the axes that the input really has
    while (padded[first] == 1) ++first;
    while (padded[last - 1] == 1) --last;
    std::int64_t before = 1, after = 1;
    for (int i = 0; i < out.rank(); ++i) {
      if (i < first)
        before *= out[i];
      else if (i >= last)
        after *= out[i];
      else if (padded[i] != out[i])
        return std::nullopt;
    }
    if (before != 1 && after != 1) return std::nullopt;
    const std::int64_t rows = after == 1 ? before : m, columns = n / rows;
    if (cut && (grid.rows != rows || grid.columns != columns)) return std::nullopt;
    cut = true;
    grid.rows = rows;
    grid.columns = columns;
    grid.inputs.push_back({after != 1, after == 1});
  }
  return grid;
}

namespace {

std::vector<graph::DType> dtypes_of(const graph::Specs& specs) {
  std::vector<graph::DType> list;
  for (const graph::Spec& spec : specs) list.push_back(spec.dtype);
  return list;
}

}  // namespace

GridLoop::GridLoop(const Expression& expression, Grid grid, const graph::Specs& in, const graph::Specs& out, int sums)
    : GridLoop(expression, std::move(grid), dtypes_of(in), dtypes_of(out), sums, {}, {}) {}

GridLoop::GridLoop(const Expression& expression, Grid grid, const std::vector<graph::DType>& in,
                   const std::vector<graph::DType>& out, int sums, const std::vector<Place>& read,
                   const std::vector<Place>& written)
    : grid_(std::move(grid)) {
  graph::require<graph::ValueError>(in.size() <= kLoopOperands && out.size() <= kLoopOperands,
                                    "a fused loop has at most ", kLoopOperands, " inputs and outputs");
  std::vector<LoopOperand> operands;
  std::vector<LoopResult> results;
  const auto place_of = [](const std::vector<Place>& places, std::size_t k) {
    return k < places.size() ? places[k] : Place();
  };
  for (std::size_t k = 0; k < in.size(); ++k) {
    const auto size = static_cast<std::int64_t>(graph::size_of(in[k]));
    const Grid::Input& input = grid_.inputs[k];
    const Place place = place_of(read, k);
    const std::int64_t stride = place.stride != 0 ? place.stride : input.along ? grid_.columns : 1;
    in_.push_back({input.down ? size * stride : 0, input.along ? size : 0, size * place.offset});
    operands.push_back({in[k], input.along});
  }
  for (std::size_t k = 0; k < out.size(); ++k) {
    const auto size = static_cast<std::int64_t>(graph::size_of(out[k]));
    const bool adds = k + static_cast<std::size_t>(sums) >= out.size();
    const Place place = place_of(written, k);
    const std::int64_t stride = place.stride != 0 ? place.stride : grid_.columns;
    out_.push_back({adds ? 0 : size * stride, size, size * place.offset});
    results.emplace_back(out[k], adds);
  }
  loop_ = compile(expression, operands, results);
  // An input with one number for each row ends with its row, and so does what lies in the rows of something larger.
  const bool joins =
      std::none_of(in_.begin(), in_.end(), [](const Operand& o) { return o.row != 0 && o.column == 0; }) &&
      read.empty() && written.empty();
  if (joins) rows_together_ = std::max<std::int64_t>(kTogether / grid_.columns, 1);
}

void GridLoop::run(const void* const* in, void* const* out, std::int64_t top, std::int64_t bottom, std::int64_t left,
                   std::int64_t right, const float* tile) const {
  const std::int64_t columns = right - left;
  std::array<const void*, kLoopOperands> from;
  std::array<void*, kLoopOperands> to;
  std::array<std::int64_t, kLoopOperands> step;  // of the inputs, from row to row
  bool flat = columns == grid_.columns;
  for (std::size_t k = 0; k < in_.size(); ++k) {
    from[k] = static_cast<const char*>(in[k]) + in_[k].offset + top * in_[k].row + left * in_[k].column;
    step[k] = in_[k].row;
    flat = flat && in_[k].row == in_[k].column * grid_.columns;
  }
  if (tile) {
    from[0] = tile;
    step[0] = columns * static_cast<std::int64_t>(sizeof(float));
  }
  for (std::size_t k = 0; k < out_.size(); ++k)
    to[k] = static_cast<char*>(out[k]) + out_[k].offset + top * out_[k].row + left * out_[k].column;
  flat = flat &&
         std::all_of(out_.begin(), out_.end(), [&](const Operand& o) { return o.row == o.column * grid_.columns; });
  if (flat) return loop_->run(from.data(), to.data(), (bottom - top) * columns);
  // Short rows that lie side by side are run together, with copies of what is the same for each of them, and with sums
  // of their own for each.
  alignas(64) char copies[kLoopOperands][kTogether * sizeof(float)];
  const std::int64_t together = std::min(rows_together_, bottom - top);
  const bool joins = together > 1 && columns == grid_.columns;
  for (std::size_t k = 0; joins && k < in_.size(); ++k) {
    if (in_[k].row != 0 || in_[k].column == 0) continue;
    const auto bytes = static_cast<std::size_t>(columns * in_[k].column);
    for (std::int64_t row = 0; row < together; ++row)
      std::memcpy(copies[k] + static_cast<std::size_t>(row) * bytes, from[k], bytes);
    from[k] = copies[k];
  }
  alignas(64) float sums[kLoopOperands][kTogether];
  for (std::size_t k = 0; joins && k < out_.size(); ++k) {
    if (!out_[k].sums()) continue;
    std::fill_n(sums[k], together * columns, 0.f);
    to[k] = sums[k];
  }
  for (std::int64_t row = top; row < bottom;) {
    const std::int64_t rows = joins ? std::min(together, bottom - row) : 1;
    loop_->run(from.data(), to.data(), rows * columns);
    for (std::size_t k = 0; k < in_.size(); ++k) from[k] = static_cast<const char*>(from[k]) + rows * step[k];
    for (std::size_t k = 0; k < out_.size(); ++k) to[k] = static_cast<char*>(to[k]) + rows * out_[k].row;
    row += rows;
  }
  for (std::size_t k = 0; joins && k < out_.size(); ++k)
    for (std::int64_t i = 0; out_[k].sums() && i < together; ++i)
      for (std::int64_t j = 0; j < columns; ++j) static_cast<float*>(out[k])[left + j] += sums[k][i * columns + j];
}

}  // namespace cornu::ops::internal
