#include "cornu/ops/native/searchsorted.h"

#include <algorithm>
#include <limits>

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"

namespace cornu::ops {
namespace {

using graph::require;

struct Searchsorted final : Op, TakesBFloat16 {
  bool right = false;
  std::string_view name() const override { return "searchsorted"; }
  void fields(FieldVisitor& f) const override { f("right", right); }
  Specs infer(const Specs& in) const override {
    require<ShapeError>(in[0].shape.rank() == 1 && in[0].shape.front() < std::numeric_limits<std::int32_t>::max(),
                        "searchsorted: expected a sequence of one axis, got ", in[0]);
    require<TypeError>(in[0].dtype == in[1].dtype, "searchsorted: expected a sequence and values of one dtype, got ",
                       in[0], " and ", in[1]);
    return {{int32, in[1].shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t length = r.in[0].shape.front(), n = r.in[1].shape.elements();
    const auto launch = [length, n, right = right, dtype = r.in[0].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        using T = decltype(zero);
        const T *first = c.in<T>(), *last = first + length, *values = c.in<T>(1);
        std::int32_t* places = c.out<std::int32_t>();
        c.share(n, [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            const T* place =
                right ? std::upper_bound(first, last, values[i]) : std::lower_bound(first, last, values[i]);
            places[i] = static_cast<std::int32_t>(place - first);
          }
        });
      });
    };
    return Kernel::native(r.parts(n * 8), launch);  // a few comparisons for each
  }
};
const bool searchsorted_registered = graph::register_op<Searchsorted>();

}  // namespace

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& values, std::string_view side) {
  require<ValueError>(side == "left" || side == "right", "searchsorted: expected side 'left' or 'right', got '", side,
                      "'");
  auto op = std::make_shared<Searchsorted>();
  op->right = side == "right";
  return graph::apply1(std::move(op), {sorted_sequence, values});
}

Tensor digitize(const Tensor& x, const Tensor& bins) { return searchsorted(bins, x, "right"); }

}  // namespace cornu::ops
