#include "cornu/ops/control/cond.h"

#include "cornu/graph/check.h"
#include "cornu/ops/internal/called_op.h"

namespace cornu::ops {
namespace {

using graph::require;

struct Cond final : internal::Called {
  std::string_view name() const override { return "cond"; }
  Choose choose() const override {
    return [](const void* value, std::size_t) -> std::size_t {
      return *static_cast<const std::uint8_t*>(value) != 0 ? 0 : 1;
    };
  }
  std::shared_ptr<Called> copy() const override { return std::make_shared<Cond>(*this); }
};
const bool cond_registered = graph::register_op<Cond>();

}  // namespace

Tensors cond(const Tensor& pred, const std::function<Tensors()>& true_fn, const std::function<Tensors()>& false_fn) {
  require<ValueError>(pred.defined(), "cond: pred is an undefined tensor");
  require<TypeError>(pred.dtype() == graph::bool_, "cond: pred must be bool, got ", pred);
  require<ShapeError>(pred.shape().elements() == 1, "cond: pred must have one element, got shape ", pred.shape());
  const std::uint64_t begin = internal::next_number();
  const std::vector<Tensors> results{true_fn(), false_fn()};
  require<ShapeError>(results[0].size() == results[1].size(), "cond: true_fn gives ", results[0].size(),
                      " tensors, false_fn ", results[1].size());
  for (std::size_t i = 0; i < results[0].size(); ++i) {
    require<ValueError>(results[0][i].defined() && results[1][i].defined(), "cond: output ", i,
                        " is an undefined tensor");
    require<ShapeError>(results[0][i].spec() == results[1][i].spec(), "cond: output ", i, " is ", results[0][i].spec(),
                        " of true_fn, ", results[1][i].spec(), " of false_fn");
  }
  return internal::called(Cond(), {pred}, {}, results, begin);
}

}  // namespace cornu::ops
