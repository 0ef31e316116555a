#pragma once

#include <optional>

#include "cornu/keras/losses/loss.h"
#include "cornu/keras/numbers.h"

namespace cornu::keras::losses {

struct BinaryCrossentropyConfig {
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  CORNU_LOSS_CONFIG("binary_crossentropy");
  void check() const;
};

/// -(y log(p) + (1 - y) log(1 - p)), its mean over `axis`: (…, n), (…, n) -> (…). Probabilities are clipped to [1e-7, 1
/// - 1e-7]. `label_smoothing` s makes targets y (1 - s) + s / 2. Keras: `BinaryCrossentropy`, "binary_crossentropy",
/// "bce". Throws ShapeError for different shapes, ValueError for a label smoothing outside [0, 1].
using BinaryCrossentropy = LossOf<BinaryCrossentropyConfig>;
/// One value per sample: `binary_crossentropy(y_true, y_pred, {.from_logits = true})`.
inline constexpr LossFunction<BinaryCrossentropy> binary_crossentropy;

struct CategoricalCrossentropyConfig {
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  CORNU_LOSS_CONFIG("categorical_crossentropy");
  void check() const;
};

/// -sum(y_true * log(y_pred)) over the classes: (…, n) one-hot or probabilities, (…, n) probabilities (or logits) ->
/// (…). Probabilities are divided by their sum and clipped to [1e-7, 1 - 1e-7]. `label_smoothing` s makes targets y (1
/// - s) + s / n. Keras: `CategoricalCrossentropy`. Warns of predictions of one class, of which nothing can be learnt.
/// Throws ShapeError for different shapes, ValueError for a label smoothing outside [0, 1].
using CategoricalCrossentropy = LossOf<CategoricalCrossentropyConfig>;
/// One value per sample: `categorical_crossentropy(y_true, y_pred, {.from_logits = true})`.
inline constexpr LossFunction<CategoricalCrossentropy> categorical_crossentropy;

struct SparseCategoricalCrossentropyConfig {
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  std::optional<int> ignore_class = std::nullopt;
  std::string reduction = "sum_over_batch_size";
  int axis = -1;  ///< the classes: only the last axis
  std::string name = "sparse_categorical_crossentropy";
  std::string dtype = {};  ///< "float32" or nothing
  void fields(ConfigVisitor& v);
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred) const;
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const;
  /// Every label must be a class number from 0 to n - 1, or the ignored class.
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const;
};

/// -log(y_pred[label]): class numbers (…) or (…, 1), probabilities (or logits) (…, n) -> (…). Probabilities are clipped
/// to [1e-7, 1 - 1e-7]. Samples of `ignore_class` count nothing: a mean divides by the number of the others. A label
/// out of range gives NaN. Keras: `SparseCategoricalCrossentropy`. Throws ShapeError for shapes that do not fit,
/// ValueError for another axis than the last.
using SparseCategoricalCrossentropy = LossOf<SparseCategoricalCrossentropyConfig>;
/// One value per sample: `sparse_categorical_crossentropy(y_true, y_pred, {.from_logits = true})`.
inline constexpr LossFunction<SparseCategoricalCrossentropy> sparse_categorical_crossentropy;

// The focal losses of Lin et al., Focal Loss for Dense Object Detection (2017): the better a prediction is already, the
// less its crossentropy counts.

struct BinaryFocalCrossentropyConfig {
  bool apply_class_balancing = false;  ///< class 1 counts `alpha`, class 0 counts 1 - `alpha`
  double alpha = 0.25;
  double gamma = 2;          ///< how much less what is predicted well counts; 0: as much as all
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  CORNU_LOSS_CONFIG("binary_focal_crossentropy");
  void check() const;
};

/// (1 - q)^gamma times the binary crossentropy, where q is the probability of what is true, y p + (1 - y) (1 - p); its
/// mean over `axis`: (…, n), (…, n) -> (…). `label_smoothing` as of BinaryCrossentropy. Keras:
/// `BinaryFocalCrossentropy`, "binary_focal_crossentropy". Throws ShapeError for different shapes, ValueError for a
/// label smoothing outside [0, 1].
using BinaryFocalCrossentropy = LossOf<BinaryFocalCrossentropyConfig>;
/// One value per sample: `binary_focal_crossentropy(y_true, y_pred, {.gamma = 3})`.
inline constexpr LossFunction<BinaryFocalCrossentropy> binary_focal_crossentropy;

struct CategoricalFocalCrossentropyConfig {
  Numbers alpha = 0.25;      ///< what all classes count, or each of them
  double gamma = 2;          ///< how much less what is predicted well counts; 0: as much as all
  bool from_logits = false;  ///< y_pred holds logits, not probabilities
  double label_smoothing = 0;
  int axis = -1;
  CORNU_LOSS_CONFIG("categorical_focal_crossentropy");
  void check() const;
};

/// -sum(alpha (1 - y_pred)^gamma y_true log(y_pred)) over the classes: (…, n) one-hot or probabilities, (…, n)
/// probabilities (or logits) -> (…). Probabilities, `label_smoothing` and the warning of one class as of
/// CategoricalCrossentropy. Keras: `CategoricalFocalCrossentropy`, "categorical_focal_crossentropy". Throws ShapeError
/// for different shapes or another number of `alpha` than classes, ValueError for a label smoothing outside [0, 1].
using CategoricalFocalCrossentropy = LossOf<CategoricalFocalCrossentropyConfig>;
/// One value per sample: `categorical_focal_crossentropy(y_true, y_pred, {.alpha = {0.2, 0.3, 0.5}})`.
inline constexpr LossFunction<CategoricalFocalCrossentropy> categorical_focal_crossentropy;

}  // namespace cornu::keras::losses
