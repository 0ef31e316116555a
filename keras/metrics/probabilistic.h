#pragma once

#include <optional>

#include "cornu/keras/losses/probabilistic.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"

namespace cornu::keras::metrics {

using losses::kl_divergence;
using losses::poisson;

using KLDivergenceMetric = MeanOfLoss<"kl_divergence", losses::KLDivergence>;
/// The mean of the loss of that name, losses::KLDivergence: (…, n), (…, n). Keras: `KLDivergence`.
using KLDivergence = Handle<KLDivergenceMetric>;

using PoissonMetric = MeanOfLoss<"poisson", losses::Poisson>;
/// The mean of the loss of that name, losses::Poisson: (…, n), (…, n). Keras: `Poisson`.
using Poisson = Handle<PoissonMetric>;

struct BinaryCrossentropyConfig {
  std::string name = "binary_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  double label_smoothing = 0;
  void fields(ConfigVisitor& v);
};
Tensor binary_crossentropy(const Tensor& y_true, const Tensor& y_pred, const BinaryCrossentropyConfig& config = {});
using BinaryCrossentropyMetric = MeanOf<BinaryCrossentropyConfig, binary_crossentropy, kDown>;
/// The mean of the loss of that name, losses::BinaryCrossentropy, with its arguments. Keras: `BinaryCrossentropy`.
using BinaryCrossentropy = Handle<BinaryCrossentropyMetric>;

struct CategoricalCrossentropyConfig {
  std::string name = "categorical_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  void fields(ConfigVisitor& v);
};
Tensor categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                const CategoricalCrossentropyConfig& config = {});
using CategoricalCrossentropyMetric = MeanOf<CategoricalCrossentropyConfig, categorical_crossentropy, kDown>;
/// The mean of the loss of that name, losses::CategoricalCrossentropy, with its arguments. Keras:
/// `CategoricalCrossentropy`.
using CategoricalCrossentropy = Handle<CategoricalCrossentropyMetric>;

struct SparseCategoricalCrossentropyConfig {
  std::string name = "sparse_categorical_crossentropy";
  std::string dtype = "float32";  ///< the only one
  bool from_logits = false;       ///< predictions are logits, not probabilities
  std::optional<int> ignore_class = std::nullopt;
  int axis = -1;
  void fields(ConfigVisitor& v);
};
Tensor sparse_categorical_crossentropy(const Tensor& y_true, const Tensor& y_pred,
                                       const SparseCategoricalCrossentropyConfig& config = {});
class CORNU_EXPORT SparseCategoricalCrossentropyMetric
    : public MeanOf<SparseCategoricalCrossentropyConfig, sparse_categorical_crossentropy, kDown> {
 public:
  using MeanOf::MeanOf;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override;
};
/// The mean of the loss of that name, losses::SparseCategoricalCrossentropy, with its arguments. Keras:
/// `SparseCategoricalCrossentropy`. As in Keras, samples of `ignore_class` count as 0 unless there are sample weights,
/// which leave them out.
using SparseCategoricalCrossentropy = Handle<SparseCategoricalCrossentropyMetric>;

}  // namespace cornu::keras::metrics
