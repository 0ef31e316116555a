#pragma once

#include <algorithm>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"

namespace cornu::keras::layers::internal {

/// What layers of embeddings have in common. Their configs have `input_dim`, `output_dim`, `embeddings_initializer`,
/// `embeddings_regularizer`, `embeddings_constraint`, `activity_regularizer` and `mask_zero`.
template <class Config>
class EmbeddingOver : public Configured<Layer, Config> {
 public:
  explicit EmbeddingOver(Config config) : Configured<Layer, Config>(std::move(config)) {
    this->set_autocast(false);
    this->set_supports_masking(config_.mask_zero);
    this->set_activity_regularizer(config_.activity_regularizer);
  }

  void build(const Shape&) override {
    embeddings_ = this->add_weight({.name = "embeddings",
                                    .shape = {config_.input_dim, config_.output_dim},
                                    .initializer = first_embeddings(),
                                    .regularizer = config_.embeddings_regularizer,
                                    .constraint = config_.embeddings_constraint});
  }

  Tensor call(const Tensor& x, Context&) override {
    const Tensor indices = graph::is_integer(x.dtype()) ? x : ops::cast(x, graph::int32);
    // Of the vectors that are used, not of all.
    return ops::cast(ops::take(embeddings_, indices), this->compute_dtype());
  }

  // Layers of one step at a time hand the mask on; others, Flatten and Reshape among them, do not.
  Tensor compute_mask(const Tensor& x, const Tensor&) const override {
    return config_.mask_zero ? ops::not_equal(x, graph::constant(0, x.dtype())) : Tensor();
  }

  // Integers come as they are: float32 does not hold every int32.
  DType input_dtype(DType data) const override { return graph::is_floating(data) ? graph::float32 : data; }

  void check_data(const Array& x) const override {
    graph::visit(x.dtype(), [&](auto zero) {
      using T = decltype(zero);
      using Wide = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;
      const auto indices = x.span<T>();
      const Wide n = config_.input_dim;
      // What is truncated to an index of these; false for NaN.
      const auto fits = [n](T index) {
        const Wide i = static_cast<Wide>(index);
        return std::is_integral_v<T> ? i >= -n && i < n : i > -n - 1 && i < n;
      };
      std::size_t wrong = 0;  // counted: a loop without a way out of it is vectorized
      for (const T index : indices) wrong += !fits(index);
      if (wrong == 0) return;
      const auto first = std::find_if_not(indices.begin(), indices.end(), fits);
      throw ValueError(graph::message(who(), "indices must be from 0 to ", config_.input_dim - 1, " for input_dim ",
                                      config_.input_dim, ", or negative, down to -", config_.input_dim,
                                      ", and count from the end; index number ", first - indices.begin(),
                                      " of the data is ", static_cast<Wide>(*first)));
    });
  }

 protected:
  using Configured<Layer, Config>::config_;
  using Configured<Layer, Config>::who;

  /// For the constructor of a class, whose name stands in the errors.
  void complete() const {
    graph::require<ValueError>(config_.input_dim > 0, who(), "expected a positive input_dim, got ", config_.input_dim);
    graph::require<ValueError>(config_.output_dim > 0, who(), "expected a positive output_dim, got ",
                               config_.output_dim);
  }

  /// By which the vectors are made.
  virtual Arg<initializers::Initializer> first_embeddings() const { return config_.embeddings_initializer; }

  Variable embeddings_;
};

}  // namespace cornu::keras::layers::internal
