#pragma once

#include "cornu/graph/tensor.h"
#include "cornu/keras/configured.h"
#include "cornu/keras/literal.h"
#include "cornu/keras/registry.h"

namespace cornu::keras::losses {

using graph::Spec;
using graph::Tensor;

/// Visits a loss' reduction. Null is Keras 3's "none"; "mean" is another word of Keras 3 for "sum_over_batch_size".
void reduction_field(ConfigVisitor& v, std::string& reduction);

/// What training makes small. Deriving from it and giving `call` makes one of your own:
///
///     struct Huber : losses::Loss {
///       Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { … }
///     };
///
/// A loss has no state: it is passed by value. `losses::MeanSquaredError()(y_true, y_pred)` describes the reduced loss
/// in a traced computation.
class CORNU_EXPORT Loss : public Object {
 public:
  /// Keras' base arguments. `reduction`: "sum_over_batch_size" (or "mean", the same), "sum", "mean_with_sample_weight"
  /// or "none"; "auto", as files of Keras 2 may say, means the first. Throws ValueError for any other, TypeError for a
  /// dtype but "float32", in which all are computed.
  explicit Loss(std::string reduction = "sum_over_batch_size", std::string name = "", const std::string& dtype = "");
  using TakesConfig = FromConfig;
  template <class Config>
  Loss(FromConfig, const Config& c) : Loss(c.reduction, c.name, c.dtype) {}
  /// Visits a loss' config: its own fields, if it has any, and the arguments that every loss has.
  template <class Config>
  static void config_fields(Config& c, ConfigVisitor& v) {
    if constexpr (requires { c.fields(v); }) c.fields(v);
    reduction_field(v, c.reduction);
    v("name", c.name);
    v("dtype", c.dtype, {.only_read = true});  // Keras' get_config leaves it out
  }

  /// One value per sample (and step), mostly a mean over the last axis. Both are float32.
  virtual Tensor call(const Tensor& y_true, const Tensor& y_pred) const = 0;
  /// Which of these values count, as a bool tensor of their shape; undefined: all. Values that do not count are left
  /// out of a mean.
  virtual Tensor valid(const Tensor& y_true, const Tensor& y_pred) const;

  /// What `call` gives for targets and predictions of any dtype, which are converted to float32.
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const;

  /// The reduced loss: a scalar, or the values with reduction "none". Targets and predictions of any dtype are
  /// converted to float32. `sample_weight` (undefined: none) is multiplied to the values. It must have their rank (a
  /// last axis of 1 is put in or taken away as in Keras), with axes of their lengths or of 1; else ShapeError. (A
  /// scalar value is repeated for all weights.) A mean divides by the number of values, whatever the weights are.
  /// `mask` (bool, undefined: none) says which values count: a mean is taken of these, and is 0 if there are none.
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight = {},
                    const Tensor& mask = {}) const;

  /// Throws ValueError for targets that this loss cannot take for predictions of that shape; by default all are taken.
  /// Called before training.
  virtual void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const;

  const std::string& reduction() const { return reduction_; }
  const std::string& name() const { return name_; }

  /// By Keras' names: "mse", "mean_squared_error", "MeanSquaredError", … Throws ValueError with the known names.
  static Shared<Loss> from_name(const std::string& name);
  static Registry<Loss>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  /// Any `Tensor(const Tensor& y_true, const Tensor& y_pred)` that gives one value per sample, or a scalar; saving a
  /// model with it throws, saying how to register it. Ranks that differ by a last axis of 1 are made equal before it is
  /// called, as in Keras.
  static Shared<Loss> from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function);

 protected:
  template <class Config>
  void visit(Config& config, ConfigVisitor& v) const {
    config_fields(config, v);
  }

 private:
  std::string reduction_, name_;
};

inline Registry<Loss>& registry() { return Loss::registry(); }

/// The arguments that end the config of most losses with some of their own, and what such a config declares: the visit
/// of its own arguments and the formula, which gives one value per sample. They are no base class, since designated
/// initializers, `Huber({.delta = 2, .reduction = "sum"})`, do not reach into bases.
#define CORNU_LOSS_CONFIG(keras_name)                  \
  std::string reduction = "sum_over_batch_size";       \
  std::string name = keras_name;                       \
  std::string dtype = {}; /**< "float32" or nothing */ \
  void fields(::cornu::keras::ConfigVisitor& v);       \
  ::cornu::graph::Tensor operator()(const ::cornu::graph::Tensor& y_true, const ::cornu::graph::Tensor& y_pred) const

/// What "crossentropy" and "ce" mean for such targets and outputs: binary, categorical or sparse categorical
/// crossentropy; the loss itself for every other one. (Used without this, they choose when they are called.)
Shared<Loss> resolve(const Shared<Loss>& loss, const Spec& y_true, const Spec& y_pred);

/// A loss as a function of its own name: `losses::mean_squared_error(y_true, y_pred)` gives one value per sample, and
/// as an argument
/// (`.loss = losses::mean_squared_error`, `.metrics = {losses::mean_squared_error}`) it is the loss or metric of that
/// name.
template <class L>
struct LossFunction {
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred, typename L::Config config = {}) const {
    return L(std::move(config)).values(y_true, y_pred);
  }
  operator Shared<Loss>() const { return std::make_shared<L>(); }  // NOLINT: is a loss
};

/// The loss that a config with a call operator computes: `Tensor operator()(const Tensor& y_true, const Tensor& y_pred)
/// const` gives one value per sample. It may have `valid` and `check_targets`, too.
template <class ConfigStruct>
class LossOf : public Configured<Loss, ConfigStruct> {
 public:
  using Configured<Loss, ConfigStruct>::Configured;
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return this->config_(y_true, y_pred); }
  Tensor valid(const Tensor& y_true, const Tensor& y_pred) const override {
    if constexpr (requires { this->config_.valid(y_true, y_pred); }) return this->config_.valid(y_true, y_pred);
    return {};
  }
  void check_targets(const graph::Array& y_true, const graph::Shape& y_pred) const override {
    if constexpr (requires { this->config_.check_targets(y_true, y_pred); })
      this->config_.check_targets(y_true, y_pred);
  }
};

/// The config of a loss without arguments of its own, with its formula.
template <Literal kName, Tensor (*formula)(const Tensor& y_true, const Tensor& y_pred)>
struct LossConfig {
  std::string reduction = "sum_over_batch_size";
  std::string name = kName.text;
  std::string dtype = {};  ///< "float32" or nothing
  Tensor operator()(const Tensor& y_true, const Tensor& y_pred) const { return formula(y_true, y_pred); }
};

/// Throws TypeError unless the dtype of a loss or metric is left out or "float32", in which all of them are computed.
void require_float32(const std::string& who, std::string_view dtype);

}  // namespace cornu::keras::losses
