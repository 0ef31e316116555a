#include "cornu/graph/outputs.h"

#include <algorithm>

#include "cornu/graph/check.h"

namespace cornu::graph {

Outputs& Outputs::update(const Variable& variable, const Tensor& value) & {
  const std::string& name = variable.name();
  require<ShapeError>(value.shape() == variable.shape(), "the update of variable '", name, "' needs shape ",
                      variable.shape(), ", got ", value.shape());
  require<TypeError>(value.dtype() == variable.dtype(), "the update of variable '", name, "' needs ", variable.dtype(),
                     ", got ", value.dtype());
  const bool twice =
      std::any_of(updates_.begin(), updates_.end(), [&](const Update& u) { return u.first == variable; });
  require<ValueError>(!twice, "variable '", name, "' is updated twice in one call");
  updates_.emplace_back(variable, value);
  return *this;
}

}  // namespace cornu::graph
