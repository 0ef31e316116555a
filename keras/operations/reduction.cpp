#include "cornu/keras/operations/reduction.h"

#include "cornu/keras/operations/operation.h"
#include "cornu/ops/composite/any.h"
#include "cornu/ops/composite/in_top_k.h"
#include "cornu/ops/native/arg_reduction.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/cumulative.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/sort.h"

namespace cornu::keras::operations {
namespace {

using ops::AxesOrAll;
using ops::KeepDims;

AxesOrAll axes_in(const Arguments& arguments) {
  if (arguments.is_none("axis")) return {};
  const std::vector<std::int64_t> list = arguments.integers("axis");
  return std::vector<int>(list.begin(), list.end());
}
KeepDims keep_in(const Arguments& arguments) {
  return arguments.flag("keepdims", false) ? KeepDims::yes : KeepDims::no;
}

ops::NormOrder order_in(const Arguments& arguments) {
  if (arguments.is_none("ord")) return {};
  const auto literal = arguments.literals.find("ord");
  if (literal != arguments.literals.end() && std::holds_alternative<std::string>(literal->second))
    return arguments.text("ord").c_str();
  return arguments.number("ord", 2);
}

// What ops add up in int64 is int32 in Keras, unless the numbers themselves are int64.
Tensor as_keras(const Tensor& y, const Tensor& x) {
  return y.dtype() == int64 && x.dtype() != int64 ? ops::cast(y, int32) : y;
}

Literal axis_literal(const AxesOrAll& axes) {
  if (axes.all()) return {};
  const std::vector<int>& list = axes.list();
  if (list.size() == 1) return std::int64_t{list[0]};
  return std::vector<std::int64_t>(list.begin(), list.end());
}
Literal keep_literal(KeepDims keep) { return keep == KeepDims::yes; }

KerasTensor reduced(const char* name, const KerasTensor& x, const AxesOrAll& axis, KeepDims keep) {
  return apply(name, {{"x", x}, {"axis", axis_literal(axis)}, {"keepdims", keep_literal(keep)}});
}
KerasTensor along(const char* name, const KerasTensor& x, const AxesOrAll& axis) {
  return apply(name, {{"x", x}, {"axis", axis_literal(axis)}});
}

bool add_reduction(const char* class_name, const char* module, const char* keras2,
                   Tensor (*f)(const Tensor&, const AxesOrAll&, KeepDims)) {
  return add({.class_name = class_name,
              .module = module,
              .parameters = {"x"},
              .config = {"axis", "keepdims"},
              .keras2 = keras2,
              .keras2_names = {"input_tensor", "axis", "keepdims"},
              .compute = [f](const Arguments& arguments) {
                const Tensor x = arguments.tensor("x");
                return as_keras(f(x, axes_in(arguments), keep_in(arguments)), x);
              }});
}

using Along = Tensor (*)(const Tensor&, int axis, KeepDims);

/// Along one axis, or without one of all elements in one dimension. TensorFlow's functions have other defaults, so that
/// files of Keras 2 have none.
bool add_along(const char* class_name, Along f, std::vector<std::string> config = {"axis"}) {
  return add({.class_name = class_name,
              .module = kNumpy,
              .parameters = {"x"},
              .config = std::move(config),
              .compute = [f](const Arguments& arguments) {
                const Tensor x = arguments.tensor("x");
                const AxesOrAll axis = axes_in(arguments);
                const KeepDims keep = keep_in(arguments);
                if (!axis.all()) return as_keras(f(x, axis.list().at(0), keep), x);
                const Tensor y = f(ops::reshape(x, {x.shape().elements()}), 0, keep);
                return as_keras(
                    keep == KeepDims::yes ? ops::reshape(y, Shape(std::vector<std::int64_t>(x.shape().size(), 1))) : y,
                    x);
              }});
}

const bool reduction_registered = [] {
  add_along("Argmax", ops::argmax, {"axis", "keepdims"});
  add_along("Argmin", ops::argmin, {"axis", "keepdims"});
  add_along("Cumsum", [](const Tensor& x, int axis, KeepDims) { return ops::cumsum(x, axis); });
  add_along("Cumprod", [](const Tensor& x, int axis, KeepDims) { return ops::cumprod(x, axis); });
  add_along("Sort", [](const Tensor& x, int axis, KeepDims) { return ops::sort(x, axis); });
  add_along("Argsort", [](const Tensor& x, int axis, KeepDims) { return ops::argsort(x, axis); });
  add({.class_name = "CountNonzero",
       .module = kNumpy,
       .parameters = {"x"},
       .config = {"axis"},
       .compute = [](const auto& a) { return ops::count_nonzero(a.tensor("x"), axes_in(a)); }});
  add({.class_name = "Norm",
       .module = kLinalg,
       .parameters = {"x"},
       .config = {"ord", "axis", "keepdims"},
       .compute = [](const Arguments& a) { return ops::norm(a.tensor("x"), order_in(a), axes_in(a), keep_in(a)); }});
  add({.class_name = "Quantile",
       .module = kNumpy,
       .parameters = {"x", "q"},
       .config = {"axis", "method", "keepdims"},
       .compute = [](const Arguments& a) {
         return ops::quantile(a.tensor("x"), a.number("q", 0.5), axes_in(a), a.text("method"), keep_in(a));
       }});
  add({.class_name = "InTopK",
       .module = kMath,
       .parameters = {"targets", "predictions"},
       .config = {"k"},
       .keras2 = "math.in_top_k",
       .compute = [](const Arguments& a) {
         return ops::in_top_k(a.tensor("targets"), a.tensor("predictions"),
                              static_cast<std::int64_t>(a.number("k", 1)));
       }});
  return true;
}();

}  // namespace
}  // namespace cornu::keras::operations

namespace cornu::ops {

using keras::operations::along;
using keras::operations::apply;
using keras::operations::axis_literal;
using keras::operations::keep_literal;
using keras::operations::Literal;
using keras::operations::reduced;

// Both the function on symbolic tensors and the operation that it stands for: the function's name, Keras' class and its
// module, TensorFlow's function in files of Keras 2 (empty: none).
#define CORNU_REDUCTION(function, class_name, module, keras2)                        \
  KerasTensor function(const KerasTensor& x, const AxesOrAll& axis, KeepDims keep) { \
    return reduced(#class_name, x, axis, keep);                                      \
  }                                                                                  \
  static const bool function##_registered =                                          \
      keras::operations::add_reduction(#class_name, keras::operations::module, keras2, function)

CORNU_REDUCTION(sum, Sum, kNumpy, "math.reduce_sum");
CORNU_REDUCTION(mean, Mean, kNumpy, "math.reduce_mean");
CORNU_REDUCTION(max, Max, kNumpy, "math.reduce_max");
CORNU_REDUCTION(min, Min, kNumpy, "math.reduce_min");
CORNU_REDUCTION(prod, Prod, kNumpy, "math.reduce_prod");
CORNU_REDUCTION(any, Any, kNumpy, "math.reduce_any");
CORNU_REDUCTION(all, All, kNumpy, "math.reduce_all");
CORNU_REDUCTION(var, Var, kNumpy, "math.reduce_variance");
CORNU_REDUCTION(std, Std, kNumpy, "math.reduce_std");
CORNU_REDUCTION(median, Median, kNumpy, "");
CORNU_REDUCTION(logsumexp, Logsumexp, kMath, "math.reduce_logsumexp");
#undef CORNU_REDUCTION

KerasTensor argmax(const KerasTensor& x) { return reduced("Argmax", x, {}, KeepDims::no); }
KerasTensor argmax(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Argmax", x, axis, keep); }
KerasTensor argmin(const KerasTensor& x) { return reduced("Argmin", x, {}, KeepDims::no); }
KerasTensor argmin(const KerasTensor& x, int axis, KeepDims keep) { return reduced("Argmin", x, axis, keep); }
KerasTensor cumsum(const KerasTensor& x) { return along("Cumsum", x, {}); }
KerasTensor cumsum(const KerasTensor& x, int axis) { return along("Cumsum", x, axis); }
KerasTensor cumprod(const KerasTensor& x) { return along("Cumprod", x, {}); }
KerasTensor cumprod(const KerasTensor& x, int axis) { return along("Cumprod", x, axis); }
KerasTensor sort(const KerasTensor& x, int axis) { return along("Sort", x, axis); }
KerasTensor argsort(const KerasTensor& x, int axis) { return along("Argsort", x, axis); }
KerasTensor count_nonzero(const KerasTensor& x, const AxesOrAll& axis) { return along("CountNonzero", x, axis); }

KerasTensor norm(const KerasTensor& x, const NormOrder& ord, const AxesOrAll& axis, KeepDims keep) {
  const Literal order = !ord.given ? Literal() : ord.frobenius ? Literal(std::string("fro")) : Literal(ord.number);
  return apply("Norm", {{"x", x}, {"ord", order}, {"axis", axis_literal(axis)}, {"keepdims", keep_literal(keep)}});
}
KerasTensor quantile(const KerasTensor& x, double q, const AxesOrAll& axis, std::string_view method, KeepDims keep) {
  return apply("Quantile", {{"x", x},
                            {"q", Literal(q)},
                            {"axis", axis_literal(axis)},
                            {"method", Literal(std::string(method))},
                            {"keepdims", keep_literal(keep)}});
}
KerasTensor in_top_k(const KerasTensor& targets, const KerasTensor& predictions, std::int64_t k) {
  return apply("InTopK", {{"targets", targets}, {"predictions", predictions}, {"k", Literal(k)}});
}

}  // namespace cornu::ops
