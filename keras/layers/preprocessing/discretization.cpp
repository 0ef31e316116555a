#include "cornu/keras/layers/preprocessing/discretization.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"
#include "cornu/keras/layers/preprocessing/internal/quantiles.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/searchsorted.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct DiscretizationLayer final : Configured<PreprocessingLayer, DiscretizationConfig> {
  explicit DiscretizationLayer(DiscretizationConfig config) : Configured(std::move(config)) {
    const auto& c = config_;
    require<ValueError>(c.adapted || c.bin_boundaries.has_value() != c.num_bins.has_value(), who(),
                        "expected either bin_boundaries or num_bins, got ", c.num_bins ? "both" : "neither");
    require<ValueError>(c.num_bins.value_or(1) >= 1, who(), "expected num_bins of at least 1, got ",
                        c.num_bins.value_or(0));
    require<ValueError>(c.epsilon > 0 && c.epsilon <= 1, who(), "expected an epsilon in (0, 1], got ", c.epsilon);
    internal::require_output_mode(who(), c.output_mode, {"int", "one_hot", "multi_hot", "count"});
    internal::require_dense(who(), c.sparse);
    if (c.bin_boundaries) check_boundaries();
    set_autocast(false);  // bfloat16 does not tell apart what lies near a boundary
  }

  Tensor call(const Tensor& x, Context&) override {
    require<ValueError>(config_.bin_boundaries.has_value(), who(),
                        "has no boundaries yet: call adapt, or give bin_boundaries");
    const Tensor boundaries = graph::constant(config_.bin_boundaries->astype(graph::float32));
    return internal::encoded(ops::digitize(ops::cast(x, graph::float32), boundaries), config_.output_mode,
                             config_.bin_boundaries->size() + 1,
                             config_.output_mode == "int" ? graph::int32 : compute_dtype());
  }

  // As Keras: a model may be described before the boundaries are known.
  Specs compute_output_specs(const Specs& inputs) override {
    ensure_built_for(inputs);
    if (config_.bin_boundaries) return Configured::compute_output_specs(inputs);
    DiscretizationConfig known = config_;
    known.bin_boundaries = graph::zeros({*known.num_bins - 1});
    known.num_bins.reset();
    return DiscretizationLayer(std::move(known)).compute_output_specs(inputs);
  }

 private:
  void check_boundaries() const {
    const Array& given = *config_.bin_boundaries;
    require<ValueError>(given.ndim() == 1, who(), "expected bin_boundaries to be a list, got an array of shape ",
                        given.shape());
    const Array wide = given.astype(graph::float64);
    const auto numbers = wide.span<double>();
    require<ValueError>(std::is_sorted(numbers.begin(), numbers.end()), who(),
                        "expected ascending bin_boundaries, got ", given);
  }

  void learn(const std::vector<Array>& batches) override {
    require<ValueError>(config_.num_bins.has_value(), who(),
                        "has bin_boundaries by its arguments: there is nothing to adapt; give num_bins instead");
    internal::Quantiles quantiles(config_.epsilon);
    for (const Array& batch : batches) {
      require<ValueError>(batch.size() > 0, who(), "expected data to adapt to, got shape ", batch.shape());
      quantiles.add(batch);
    }
    config_.bin_boundaries = Array(quantiles.boundaries(*config_.num_bins));
    config_.adapted = true;
  }
};

const bool discretization_registered = registry().add<DiscretizationLayer>("Discretization");

}  // namespace

void DiscretizationConfig::fields(ConfigVisitor& v) {
  v("bin_boundaries", bin_boundaries);
  v("num_bins", num_bins);
  v("epsilon", epsilon);
  v("output_mode", output_mode);
  v("sparse", sparse);
  if (v.purpose() != ConfigVisitor::Purpose::read) return;
  sparse = false;
  adapted = bin_boundaries && num_bins;
}

Made<PreprocessingLayer, DiscretizationConfig> DiscretizationConfig::make() const {
  return std::make_shared<DiscretizationLayer>(*this);
}

}  // namespace cornu::keras::layers
