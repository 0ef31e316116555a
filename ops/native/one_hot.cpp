#include "cornu/ops/native/one_hot.h"

#include <algorithm>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"

namespace cornu::ops {
namespace {

struct OneHot final : Op, TakesBFloat16 {
  std::int64_t classes = 1;
  std::string_view name() const override { return "one_hot"; }
  void fields(FieldVisitor& f) const override { f("classes", classes); }
  Specs infer(const Specs& in) const override {
    graph::require<ValueError>(classes > 0, "one_hot: expected a positive number of classes, got ", classes);
    return {{float32, in[0].shape.append(classes)}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.in[0].shape.elements();
    return Kernel::native(r.parts(n * classes), [n, m = classes, dtype = r.in[0].dtype](const graph::Call& c) {
      graph::visit(dtype, [&](auto zero) {
        using T = decltype(zero);
        const T* labels = c.in<T>();
        float* y = c.out<float>();
        c.share(n, [&](std::int64_t begin, std::int64_t end) {
          std::fill(y + begin * m, y + end * m, 0.f);
          for (std::int64_t i = begin; i < end; ++i) {
            const auto label = graph::internal::convert<std::int64_t>(labels[i]);
            if (label >= 0 && label < m) y[i * m + label] = 1;
          }
        });
      });
    });
  }
};
const bool one_hot_registered = graph::register_op<OneHot>();

}  // namespace

Tensor one_hot(const Tensor& labels, std::int64_t classes) {
  auto op = std::make_shared<OneHot>();
  op->classes = classes;
  return graph::apply1(std::move(op), {labels});
}

}  // namespace cornu::ops
