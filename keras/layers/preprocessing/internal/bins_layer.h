#pragma once

#include "cornu/graph/check.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/layers/preprocessing/internal/categories.h"

namespace cornu::keras::layers::internal {

/// What Hashing and HashedCrossing share: num_bins, and a dtype that may be an integer, in which bins are numbered.
template <class Config>
class BinsLayer : public Configured<Layer, Config> {
 public:
  explicit BinsLayer(Config config)
      : Configured<Layer, Config>(without_integer_policy(config)), integer_(config.dtype) {
    if (config.dtype.empty() && config.output_mode == "int") integer_ = "int64";
    if (!integer_.starts_with("int")) integer_.clear();
  }

  void fields(ConfigVisitor& v) override {
    Config c = this->config_;
    c.name = this->name(), c.trainable = this->trainable();
    c.dtype = integer_.empty() ? this->dtype_policy().name() : integer_;
    this->config_fields(c, v);
  }

  DType input_dtype(DType data) const override { return data; }

 protected:
  /// In the constructor of a class, by whose name it calls itself. Throws ValueError for another output_mode, num_bins
  /// below 1, sparse, and an integer dtype that bins cannot have.
  void check_arguments(std::initializer_list<const char*> modes) const {
    const auto& c = this->config_;
    const std::string who = this->who();
    require_output_mode(who, c.output_mode, modes);
    graph::require<ValueError>(c.num_bins >= 1, who, "expected num_bins of at least 1, got ", c.num_bins);
    require_dense(who, c.sparse);
    graph::require<ValueError>(integer_.empty() || integer_ == "int32" || integer_ == "int64", who,
                               "expected dtype int32 or int64, or a policy, got '", integer_, "'");
  }

  Tensor encoded_bins(const Tensor& bins) const {
    const DType dtype = integer_.empty() ? this->compute_dtype() : integer_ == "int32" ? graph::int32 : graph::int64;
    return encoded(bins, this->config_.output_mode, this->config_.num_bins, dtype);
  }

 private:
  // Keras' dtype of bins by their numbers, int64 unless one is given, is no policy by which layers compute.
  static Config without_integer_policy(Config config) {
    if (config.dtype.starts_with("int")) config.dtype.clear();
    return config;
  }

  std::string integer_;  // the dtype of the bins' numbers; empty: the policy's
};

}  // namespace cornu::keras::layers::internal
