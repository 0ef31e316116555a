#pragma once

#include <functional>

#include "cornu/graph/tensor.h"

namespace cornu::graph {

/// While one lives, what this thread reads of variables (`Tensor(variable)`) passes through a function: so a layer
/// computes in bfloat16 with weights that are kept in float32. An inner scope replaces an outer one; an empty function
/// leaves what is read as it is.
///
///     const ReadScope narrow([](const Tensor& x) { return ops::cast(x, bfloat16); });
class CORNU_EXPORT ReadScope {
 public:
  using Convert = std::function<Tensor(const Tensor&)>;
  explicit ReadScope(Convert convert);
  ~ReadScope();
  ReadScope(const ReadScope&) = delete;
  ReadScope& operator=(const ReadScope&) = delete;

  /// A value as the innermost scope of this thread has it read.
  static Tensor converted(const Tensor& value);

 private:
  Convert convert_;
  const ReadScope* outer_;
};

}  // namespace cornu::graph
