#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/expression.h"
#include "cornu/ops/internal/grid.h"
#include "cornu/ops/internal/row_sums.h"

namespace cornu::ops::internal {

/// Elementwise work on what an op computes, section by section, while it is in the cache: an expression of the op's
/// result (its input 0) and of what the node's further inputs hold at the same place.
struct Epilogue {
  Expression expression;
  graph::Specs results;         ///< the node's outputs
  std::vector<double> factors;  ///< the last outputs are sums over rows, times these
};

/// What an op offers that can have an epilogue.
class TakesEpilogue {
 public:
  std::shared_ptr<const Epilogue> epilogue;

  /// Inputs of the op itself; those behind them are the epilogue's.
  virtual int operands() const = 0;
  /// Its result as rows and columns, of which it makes whole sections; nothing if an epilogue has no place there.
  virtual std::optional<std::pair<std::int64_t, std::int64_t>> rows_and_columns(const graph::Tensors& in,
                                                                                const graph::Shape& out) const = 0;
  /// The same op with an epilogue.
  virtual std::shared_ptr<graph::Op> with(std::shared_ptr<const Epilogue> epilogue) const = 0;

 protected:
  ~TakesEpilogue() = default;
  /// The rows of a result's last axis; nothing if there are none.
  static std::optional<std::pair<std::int64_t, std::int64_t>> rows_of(const graph::Shape& result) {
    if (result.elements() == 0) return std::nullopt;
    return std::pair{result.elements() / result.back(), result.back()};
  }
  void epilogue_fields(graph::FieldVisitor& f) const;
  graph::Traits epilogue_traits() const {
    return epilogue ? graph::Traits{.in_place_from = operands()} : graph::Traits{};
  }
};

/// An epilogue that is planned.
class EpilogueLoop {
 public:
  EpilogueLoop(const Epilogue& epilogue, const graph::PlanRequest& r, int operands, std::int64_t rows,
               std::int64_t columns);

  /// The op's result waits where output 0 will be, unless an input of the epilogue may lie there too, or that is no
  /// place for it: then the op has to put each section of it, as float32, into a tile.
  bool tiled() const { return tiled_; }
  const RowSums& sums() const { return sums_; }
  /// Rows [top, bottom), columns [left, right), which are the whole of a chunk's rows there.
  void run(const graph::Call& c, void* sums, std::int64_t chunk, std::int64_t top, std::int64_t bottom,
           std::int64_t left, std::int64_t right, const float* tile) const;

 private:
  int operands_;
  RowSums sums_;
  bool tiled_ = false;
  std::optional<GridLoop> loop_;
};

}  // namespace cornu::ops::internal
