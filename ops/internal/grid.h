#pragma once

#include <optional>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/ops/internal/elementwise_loop.h"

namespace cornu::ops::internal {

/// An output seen as rows and columns, so that every input either follows it, stands still, or does one along rows and
/// the other along columns (a bias, one factor per row): all the broadcasting that a fused loop knows.
struct Grid {
  struct Input {
    bool down, along;  ///< moves with the rows, with the columns
  };
  std::int64_t rows = 1, columns = 1;
  std::vector<Input> inputs;
};

/// The grid that the inputs ask for, or one of the given rows and columns; nothing if they do not fit.
std::optional<Grid> grid_of(const graph::Shape& out, const std::vector<graph::Shape>& in,
                            std::optional<std::pair<std::int64_t, std::int64_t>> given = std::nullopt);

/// A loop with all that is known of its operands when it is planned.
class GridLoop {
 public:
  static constexpr std::int64_t kTogether = 512;  ///< elements of rows that are run together, at most

  /// An operand that lies in the rows of something larger: elements from row to row, and before the first one.
  struct Place {
    std::int64_t stride = 0, offset = 0;  ///< 0: its own rows, one after the other
  };

  /// The last `sums` outputs are sums over rows: what a row gives is added to the one float for each column.
  GridLoop(const Expression& expression, Grid grid, const graph::Specs& in, const graph::Specs& out, int sums = 0);
  /// With places for the first inputs and outputs, all of the dtypes given.
  GridLoop(const Expression& expression, Grid grid, const std::vector<graph::DType>& in,
           const std::vector<graph::DType>& out, int sums, const std::vector<Place>& read,
           const std::vector<Place>& written);
  const Grid& grid() const { return grid_; }
  std::string_view implementation() const { return loop_->implementation(); }

  /// Rows [top, bottom), columns [left, right) of the outputs. If `tile` is given it stands for input 0, holding just
  /// that section. Sums have to begin with 0; rows are added in an order that only the section decides.
  void run(const void* const* in, void* const* out, std::int64_t top, std::int64_t bottom, std::int64_t left,
           std::int64_t right, const float* tile = nullptr) const;

 private:
  struct Operand {
    std::int64_t row, column;               // bytes from one to the next
    std::int64_t offset = 0;                // bytes before the first
    bool sums() const { return row == 0; }  // of outputs
  };

  Grid grid_;
  std::int64_t rows_together_ = 1;
  std::shared_ptr<const ElementwiseLoop> loop_;
  std::vector<Operand> in_, out_;
};

}  // namespace cornu::ops::internal
