#pragma once

#include <optional>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/ops/internal/expression.h"
#include "cornu/ops/internal/section.h"

namespace cornu::ops::internal {

class GridLoop;
struct Grid;

/// What an op offers that multiplies the sum over its input's first axes by a factor: such a sum is taken by the loop
/// that computes the input.
class SumOfRows {
 public:
  struct Sum {
    std::int64_t rows, columns;
    double factor;
  };
  /// Nothing if other axes are folded, or none.
  virtual std::optional<Sum> sum_of_rows(const graph::Shape& x) const = 0;

 protected:
  ~SumOfRows() = default;
};

/// A chain of elementwise ops in one pass over memory. Made by a pass (passes/fuse_elementwise.cpp), after
/// differentiation.
struct Fused final : graph::Op {
  /// Of outputs that are sections of one result: which result, and the section of each.
  struct Joined {
    std::size_t result = 0;
    std::vector<Section> sections;
  };
  Expression expression;
  graph::Shape shape;           ///< of the chain's tensors
  graph::Specs results;         ///< first those of this shape, then the sums'
  std::vector<double> factors;  ///< the last outputs are sums over rows, times these
  std::int64_t columns = 0;     ///< of a row, where there are such sums or sections
  std::vector<Section> read;    ///< by input: where it lies in the tensor that is given; one without rows is all of it
  std::vector<Joined> joined;   ///< the last outputs of the expression, but for the sums', lie in these results

  std::string_view name() const override { return "fused"; }
  void fields(graph::FieldVisitor& f) const override;
  graph::Specs infer(const graph::Specs&) const override { return results; }
  graph::Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest& request) const override;
  /// Not elementwise where what is written might lie where something else is still to be read.
  graph::Traits traits() const override { return {.elementwise = read.empty() && joined.empty()}; }

 private:
  graph::Kernel plan_sums(const std::shared_ptr<const GridLoop>& loop, int parts) const;
  graph::Kernel plan_sections(const graph::PlanRequest& request, Grid grid) const;
};

}  // namespace cornu::ops::internal
