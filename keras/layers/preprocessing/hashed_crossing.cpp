#include "cornu/keras/layers/preprocessing/hashed_crossing.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"
#include "cornu/ops/native/cross_hashed.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

// Keras' dtype of bins by their numbers, int64 unless one is given, is no policy by which layers compute.
HashedCrossingConfig without_integer_policy(HashedCrossingConfig config) {
  if (config.dtype.starts_with("int")) config.dtype.clear();
  return config;
}

class HashedCrossingLayer final : public Configured<Layer, HashedCrossingConfig> {
 public:
  explicit HashedCrossingLayer(HashedCrossingConfig config)
      : Configured(without_integer_policy(config)), integer_(config.dtype) {
    const auto& c = config_;
    internal::require_output_mode(who(), c.output_mode, {"int", "one_hot"});
    require<ValueError>(c.num_bins >= 1, who(), "expected num_bins of at least 1, got ", c.num_bins);
    internal::require_dense(who(), c.sparse);
    if (config.dtype.empty() && c.output_mode == "int") integer_ = "int64";
    const bool whole = integer_.starts_with("int");
    require<ValueError>(!whole || integer_ == "int32" || integer_ == "int64", who(),
                        "expected dtype int32 or int64, or a policy, got '", integer_, "'");
    if (!whole) integer_.clear();
  }

  void fields(ConfigVisitor& v) override {
    HashedCrossingConfig c = config_;
    c.name = name(), c.trainable = trainable();
    c.dtype = integer_.empty() ? dtype_policy().name() : integer_;
    config_fields(c, v);
  }

  void build_all(const Shapes& inputs) override { require_columns(inputs); }

  Tensors call_all(const Inputs& inputs, Context&) override {
    Shapes shapes;
    for (const Tensor& x : inputs) shapes.push_back(x.shape());
    require_columns(shapes);
    const Tensor bins = ops::cross_hashed(inputs.tensors(), config_.num_bins);
    const DType dtype = integer_.empty() ? compute_dtype() : integer_ == "int32" ? graph::int32 : graph::int64;
    return {internal::encoded(bins, config_.output_mode, config_.num_bins, dtype)};
  }

  DType input_dtype(DType data) const override { return data; }

 private:
  void require_columns(const Shapes& inputs) const {
    require<ValueError>(inputs.size() >= 2, who(), "expected at least two inputs, got ", inputs.size());
    for (const Shape& shape : inputs)
      require<ShapeError>(shape.rank() < 2 || (shape.rank() == 2 && shape[1] == 1), who(),
                          "expected inputs of shape (batch,) or (batch, 1), got ", shape);
  }

  std::string integer_;  // the dtype of the bins' numbers; empty: the policy's
};

}  // namespace

void HashedCrossingConfig::fields(ConfigVisitor& v) {
  v("num_bins", num_bins);
  v("output_mode", output_mode);
  v("sparse", sparse);
  if (v.purpose() == ConfigVisitor::Purpose::read) sparse = false;
}

CORNU_LAYER(HashedCrossingConfig, HashedCrossingLayer, "HashedCrossing");

}  // namespace cornu::keras::layers
