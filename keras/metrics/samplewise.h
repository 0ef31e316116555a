#pragma once

#include "cornu/keras/context.h"

namespace cornu::keras::metrics {

/// Weighted values, one per sample (or a scalar), and the weights, one per sample; undefined: none.
struct Samplewise {
  Tensor values, weights;
};

enum class Reduce { mean, sum };

/// Keras' `reduce_to_samplewise_values`: the values are reduced to the rank of the weights, weighted (weights
/// broadcast), and what axes are left but the first reduced, too, in values and weights. Throws ShapeError, naming the
/// metric, for weights that do not fit, which the message calls `what`.
Samplewise samplewise(const std::string& metric, Tensor values, Tensor sample_weight, const Tensor& valid,
                      Reduce reduce, const char* what = "sample weights");

/// Sample weights (undefined: none) that are 0 where a mask (undefined: none) is false. Throws ShapeError, naming the
/// metric, for weights that do not fit the mask.
Tensor masked_weight(const std::string& metric, const Tensor& sample_weight, const Tensor& mask);

/// Describes total += sum(values), count += sum(weights) or the number of samples.
void add_mean(const Samplewise& samples, const Variable& total, const Variable& count, Context& ctx);
/// total / count as a float32 scalar; 0 if the count is 0.
Array mean_of(const Variable& total, const Variable& count);

}  // namespace cornu::keras::metrics
