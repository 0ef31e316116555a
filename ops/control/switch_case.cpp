#include "cornu/ops/control/switch_case.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/internal/called_op.h"
#include "cornu/ops/native/cast.h"

namespace cornu::ops {
namespace {

using graph::require;

struct Switch final : internal::Called {
  std::string_view name() const override { return "switch_case"; }
  Choose choose() const override {
    return [](const void* value, std::size_t bodies) {
      const auto last = static_cast<std::int64_t>(bodies) - 1;
      return static_cast<std::size_t>(std::clamp<std::int64_t>(*static_cast<const std::int64_t*>(value), 0, last));
    };
  }
  std::shared_ptr<Called> copy() const override { return std::make_shared<Switch>(*this); }
};
const bool switch_registered = graph::register_op<Switch>();

}  // namespace

Tensors switch_case(const Tensor& index, const std::vector<std::function<Tensors(const Tensors& operands)>>& branches,
                    const Tensors& operands) {
  require<ValueError>(index.defined(), "switch_case: index is an undefined tensor");
  require<TypeError>(index.dtype() == graph::int32 || index.dtype() == graph::int64,
                     "switch_case: index must be int32 or int64, got ", index);
  require<ShapeError>(index.shape().elements() == 1, "switch_case: index must have one element, got shape ",
                      index.shape());
  require<ValueError>(!branches.empty(), "switch_case: expected at least one function");
  const Tensor wide = cast(index, graph::int64);
  const std::uint64_t begin = internal::next_number();
  const auto [bindings, inner] = internal::inner_of("switch_case", operands);
  std::vector<Tensors> results;
  for (const auto& branch : branches) results.push_back(branch(inner));
  for (std::size_t k = 0; k < results.size(); ++k) {
    require<ShapeError>(results[k].size() == results[0].size(), "switch_case: function 0 gives ", results[0].size(),
                        " tensors, function ", k, " gives ", results[k].size());
    for (std::size_t i = 0; i < results[k].size(); ++i) {
      require<ValueError>(results[k][i].defined(), "switch_case: output ", i, " of function ", k,
                          " is an undefined tensor");
      require<ShapeError>(results[k][i].spec() == results[0][i].spec(), "switch_case: output ", i, " is ",
                          results[0][i].spec(), " of function 0, ", results[k][i].spec(), " of function ", k);
    }
  }
  return internal::called(Switch(), {wide}, bindings, results, begin);
}

}  // namespace cornu::ops
