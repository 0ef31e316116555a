#pragma once

#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

using AccuracyConfig = MetricConfig<"accuracy">;
Tensor accuracy(const Tensor& y_true, const Tensor& y_pred, const AccuracyConfig& config = {});
using AccuracyMetric = MeanOf<AccuracyConfig, accuracy, kUp>;
/// How often predictions equal targets, as they are (for the word "accuracy" in `compile` see Metric::from_name).
/// Keras: `Accuracy`.
using Accuracy = Handle<AccuracyMetric>;

struct BinaryAccuracyConfig {
  std::string name = "binary_accuracy";
  std::string dtype = "float32";  ///< the only one
  double threshold = 0.5;
  void fields(ConfigVisitor& v);
  void check() const;
};
Tensor binary_accuracy(const Tensor& y_true, const Tensor& y_pred, const BinaryAccuracyConfig& config = {});
using BinaryAccuracyMetric = MeanOf<BinaryAccuracyConfig, binary_accuracy, kUp>;
/// How often predictions above the threshold meet a target of 1, and the others one of 0: (…, n), (…, n). Keras:
/// `BinaryAccuracy`. Throws ValueError unless the threshold is finite.
using BinaryAccuracy = Handle<BinaryAccuracyMetric>;

using CategoricalAccuracyConfig = MetricConfig<"categorical_accuracy">;
Tensor categorical_accuracy(const Tensor& y_true, const Tensor& y_pred, const CategoricalAccuracyConfig& config = {});
using CategoricalAccuracyMetric = MeanOf<CategoricalAccuracyConfig, categorical_accuracy, kUp>;
/// How often the most probable class is that of the one-hot target: (…, n), (…, n). Keras: `CategoricalAccuracy`.
using CategoricalAccuracy = Handle<CategoricalAccuracyMetric>;

using SparseCategoricalAccuracyConfig = MetricConfig<"sparse_categorical_accuracy">;
Tensor sparse_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred,
                                   const SparseCategoricalAccuracyConfig& config = {});
using SparseCategoricalAccuracyMetric = MeanOf<SparseCategoricalAccuracyConfig, sparse_categorical_accuracy, kUp>;
/// How often the most probable class is that of the label: (…) or (…, 1), (…, n). Keras: `SparseCategoricalAccuracy`.
using SparseCategoricalAccuracy = Handle<SparseCategoricalAccuracyMetric>;

struct TopKCategoricalAccuracyConfig {
  int k = 5;
  std::string name = "top_k_categorical_accuracy";
  std::string dtype = "float32";  ///< the only one
  using positional = Positions<&TopKCategoricalAccuracyConfig::k>;
  void fields(ConfigVisitor& v);
  void check() const;
};
Tensor top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred,
                                  const TopKCategoricalAccuracyConfig& config = {});
using TopKCategoricalAccuracyMetric = MeanOf<TopKCategoricalAccuracyConfig, top_k_categorical_accuracy, kUp>;
/// How often the one-hot target's class is among the k most probable ones, `TopKCategoricalAccuracy(3)`: (…, n), (…,
/// n). A row in which a prediction is no finite number counts as wrong. Keras: `TopKCategoricalAccuracy`. Throws
/// ValueError for a k below 1.
using TopKCategoricalAccuracy = Handle<TopKCategoricalAccuracyMetric>;

struct SparseTopKCategoricalAccuracyConfig {
  int k = 5;
  std::string name = "sparse_top_k_categorical_accuracy";
  std::string dtype = "float32";  ///< the only one
  bool from_sorted_ids = false;   ///< predictions are class numbers, the most probable first
  using positional = Positions<&SparseTopKCategoricalAccuracyConfig::k>;
  void fields(ConfigVisitor& v);
  void check() const;
};
Tensor sparse_top_k_categorical_accuracy(const Tensor& y_true, const Tensor& y_pred,
                                         const SparseTopKCategoricalAccuracyConfig& config = {});
using SparseTopKCategoricalAccuracyMetric =
    MeanOf<SparseTopKCategoricalAccuracyConfig, sparse_top_k_categorical_accuracy, kUp>;
/// How often the label's class is among the k most probable ones: (…) or (…, 1), (…, n). A row in which a prediction is
/// no finite number counts as wrong. Keras: `SparseTopKCategoricalAccuracy`. Throws ValueError for a k below 1.
using SparseTopKCategoricalAccuracy = Handle<SparseTopKCategoricalAccuracyMetric>;

}  // namespace cornu::keras::metrics
