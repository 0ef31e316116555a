#include "cornu/keras/losses/loss.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/keras/utils/internal/to_lower.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::losses {
namespace {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

class Lambda final : public Loss {
 public:
  explicit Lambda(std::function<Tensor(const Tensor&, const Tensor&)> function)
      : Loss("sum_over_batch_size", "loss"), function_(std::move(function)) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    const auto [t, p] = squeeze_or_expand_to_same_rank(y_true, y_pred);
    return function_(t, p);
  }
  std::string class_name() const override { return "<lambda>"; }

 private:
  std::function<Tensor(const Tensor&, const Tensor&)> function_;
};

Tensor as_float(const Tensor& x) { return x.dtype() == graph::float32 ? x : ops::cast(x, graph::float32); }

Tensor zero() { return graph::constant(0, graph::float32); }

/// x / d, and 0 where d is 0.
Tensor divide_no_nan(const Tensor& x, const Tensor& d) {
  const Tensor nothing = ops::equal(d, zero());
  return ops::where(nothing, zero(), x / ops::where(nothing, graph::constant(1, graph::float32), d));
}

/// `what`: "sample weights" or "a mask".
void require_fitting(const std::string& loss, const char* what, const graph::Shape& weight,
                     const graph::Shape& values) {
  bool fits = weight.rank() == 0 || values.rank() == 0 || weight.rank() == values.rank();
  for (int i = 0; fits && i < std::min(weight.rank(), values.rank()); ++i)
    fits = weight[i] == values[i] || weight[i] == 1;
  require<ShapeError>(fits, "loss '", loss, "': ", what, " of shape ", weight,
                      " cannot be multiplied to loss values of shape ", values,
                      ": give that shape, or axes of length 1");
}

}  // namespace

Loss::Loss(std::string reduction, std::string name, const std::string& dtype)
    : reduction_(std::move(reduction)), name_(name.empty() ? "loss" : std::move(name)) {
  require_float32("loss '" + name_ + "'", dtype);
  if (reduction_ == "auto") reduction_ = "sum_over_batch_size";
  static constexpr std::array<std::string_view, 5> known = {"sum_over_batch_size", "sum", "mean",
                                                            "mean_with_sample_weight", "none"};
  require<ValueError>(std::find(known.begin(), known.end(), reduction_) != known.end(), "loss '", name_,
                      "': unknown reduction '", reduction_,
                      "'; known: sum_over_batch_size, sum, mean, mean_with_sample_weight, none");
}

Tensor Loss::valid(const Tensor&, const Tensor&) const { return {}; }

void Loss::check_targets(const graph::Array&, const graph::Shape&) const {}

Tensor Loss::values(const Tensor& y_true, const Tensor& y_pred) const {
  return as_float(call(as_float(y_true), as_float(y_pred)));
}

Tensor Loss::operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight,
                        const Tensor& mask) const {
  const graph::NameScope scope(name_);
  const Tensor t = as_float(y_true), p = as_float(y_pred);
  Tensor values = as_float(call(t, p));
  Tensor weight = sample_weight.defined() ? as_float(sample_weight) : Tensor();
  const bool mean = reduction_ == "sum_over_batch_size" || reduction_ == "mean";
  Tensor valid = this->valid(t, p);
  if (mask.defined()) valid = valid.defined() ? ops::logical_and(valid, mask) : mask;
  if (valid.defined()) {
    valid = ops::cast(valid, graph::float32);
    // A mean over all values of the valid ones' values times all / valid is the mean over the valid ones.
    if (mean)
      valid = valid * divide_no_nan(graph::constant(static_cast<double>(valid.shape().elements()), graph::float32),
                                    ops::sum(valid));
    const auto [v, m] = squeeze_or_expand_to_same_rank(values, valid);
    require_fitting(name_, "a mask", m.shape(), v.shape());
    if (weight.defined()) {
      const auto [m, w] = squeeze_or_expand_to_same_rank(valid, weight);
      require_fitting(name_, "sample weights", w.shape(), m.shape());
      weight = w * m;
    } else {
      weight = valid;
    }
  }
  if (weight.defined()) {
    std::tie(values, weight) = squeeze_or_expand_to_same_rank(values, weight);
    require_fitting(name_, "sample weights", weight.shape(), values.shape());
    values = values * weight;
  }
  if (reduction_ == "none" || values.ndim() == 0) return values;
  if (reduction_ == "sum") return ops::sum(values);
  if (mean || !weight.defined()) return ops::mean(values);
  return divide_no_nan(ops::sum(values), ops::sum(weight));
}

Shared<Loss> Loss::from_name(const std::string& name) {
  const std::string lower = utils::to_lower(name);
  return registry().make(lower == "crossentropy" || lower == "ce" ? lower : name);
}

Shared<Loss> Loss::from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function) {
  return std::make_shared<Lambda>(std::move(function));
}

Registry<Loss>& Loss::registry() {
  static Registry<Loss> registry("loss", {.module = "keras.losses",
                                          .registry = "losses::registry()",
                                          .wrapper = "LossFunctionWrapper",
                                          .wrapper_argument = "fn"});
  return registry;
}

void reduction_field(ConfigVisitor& v, std::string& reduction) {
  if (v.purpose() == ConfigVisitor::Purpose::write_keras2) {
    if (reduction == "mean_with_sample_weight") v.not_in_keras2("reduction 'mean_with_sample_weight'");
    std::string written = reduction == "mean" ? "sum_over_batch_size" : reduction;
    return v("reduction", written);
  }
  v("reduction", reduction);
  if (reduction.empty()) reduction = "none";
}

void require_float32(const std::string& who, std::string_view dtype) {
  require<graph::TypeError>(dtype.empty() || dtype == "float32", who, " is computed in float32, got dtype '", dtype,
                            "'");
}

}  // namespace cornu::keras::losses
