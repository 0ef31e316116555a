#pragma once

#include "cornu/keras/configured.h"
#include "cornu/keras/context.h"
#include "cornu/keras/literal.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/state.h"

namespace cornu::keras::metrics {

/// A figure that is accumulated over batches, in variables of its own that the training step updates. It has state: the
/// names that users write
/// (`metrics::BinaryAccuracy({.threshold = 0.3})`) are handles that share it.
class CORNU_EXPORT Metric : public Object {
 public:
  /// Throws TypeError for a dtype but "float32", in which all are computed.
  explicit Metric(std::string name, const std::string& dtype = "float32");
  /// The name that users write for a metric whose class is not in its header: `using AUC = Metric::Of<AUCConfig>`, a
  /// handle on what `AUCConfig::make` gives.
  template <class Config>
  using Of = Handle<Configured<Metric, Config>, Config>;
  using TakesConfig = FromConfig;
  /// A config that checks its dtype itself says `using own_dtypes = void`.
  template <class Config>
  Metric(FromConfig, const Config& c)
      : Metric(
            c.name, requires { typename Config::own_dtypes; } ? "float32" : c.dtype) {}
  /// Visits a metric's config: the arguments that every metric has, and its own, if there are any.
  template <class Config>
  static void config_fields(Config& c, ConfigVisitor& v) {
    v("name", c.name);
    v("dtype", c.dtype);
    if constexpr (requires { c.fields(v); }) c.fields(v);
  }

  /// Describes the update for one batch: `ctx.update(variable, new value)`. `sample_weight` may be undefined.
  virtual void update_state(const Tensor& y_true, const Tensor& y_pred, const Tensor& sample_weight, Context& ctx) = 0;
  /// The figure, from the variables as they are now: float32, mostly a scalar.
  virtual Array result() const = 0;
  /// All variables to their initial values (zero, unless a metric says otherwise).
  virtual void reset_state();

  /// Whether less or more of it is better, for callbacks that watch it. A class that does not say needs their `mode`.
  enum class Direction { kUnknown, kDown, kUp };
  virtual Direction direction() const { return Direction::kUnknown; }

  /// The name in logs and History: the one it was asked by ("acc"), or its config's.
  const std::string& name() const { return name_; }
  void rename(std::string name) { name_ = std::move(name); }
  const std::vector<Variable>& variables() const { return variables_; }
  /// Its variables. A metric that keeps something else visits that, too.
  virtual void state(StateVisitor& v);

  /// By Keras' names: "mse", "MeanSquaredError", "accuracy", "acc", …, and then named as asked. Throws ValueError with
  /// the known names. "accuracy" and "acc" (in any case) become binary, categorical or sparse by the shapes of targets
  /// and outputs, as do "crossentropy" and "ce".
  static Shared<Metric> from_name(const std::string& name);
  static Registry<Metric>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  /// Any `Tensor(const Tensor& y_true, const Tensor& y_pred)`: its mean over samples is tracked, named "metric".
  static Shared<Metric> from_callable(std::function<Tensor(const Tensor&, const Tensor&)> function);
  /// A loss: the mean of what it gives for each batch, named as the loss.
  template <class L>
  requires std::derived_from<L, losses::Loss>
  static Shared<Metric> from_callable(L loss) {
    std::string name = loss.name();
    return of_function(std::move(name), std::move(loss), Direction::kDown);
  }
  /// A loss function: the metric of its values' mean, by its name.
  template <class L>
  static Shared<Metric> from_callable(losses::LossFunction<L> function) {
    return of_loss_function(
        function, !requires { L::Config::kNegativeOfItsMetric; });
  }

 protected:
  Variable add_variable(const Shape& shape, const std::string& name);
  /// For a metric made from a config struct: visits it with the name that it has now.
  template <class Config>
  void visit(Config& config, ConfigVisitor& v) const {
    config.name = name();
    config_fields(config, v);
  }

 private:
  static Shared<Metric> of_function(std::string name, std::function<Tensor(const Tensor&, const Tensor&)> function,
                                    Direction direction = Direction::kUnknown);
  /// `by_name`: the metric of the function's name, if there is one, is the mean of its values.
  static Shared<Metric> of_loss_function(const Shared<losses::Loss>& loss, bool by_name);
  std::string name_;
  std::vector<Variable> variables_;
};

/// The config of a metric without arguments of its own; the name can be given alone, `Mean("loss")`.
template <Literal kName>
struct MetricConfig {
  std::string name = kName.text;
  std::string dtype = "float32";  ///< the only one
  using positional = Positions<&MetricConfig::name>;
};

/// The arguments that end the config of a metric with some of its own whose class stands in a source file, and what
/// such a config declares: the visit of its own arguments, and `make`. They are no base class, since designated
/// initializers do not reach into bases.
#define CORNU_METRIC_CONFIG(Config, keras_name)       \
  std::string name = keras_name;                      \
  std::string dtype = "float32"; /**< the only one */ \
  void fields(::cornu::keras::ConfigVisitor& v);      \
  ::cornu::keras::Made<::cornu::keras::metrics::Metric, Config> make() const

inline Registry<Metric>& registry() { return Metric::registry(); }

/// What "accuracy" and "crossentropy" mean for such targets and outputs, with the same name: a fresh metric of that
/// class; the metric itself for every other one. (Used without this, they choose when they are updated; a file needs
/// the class.)
Shared<Metric> resolve(const Shared<Metric>& metric, const Spec& y_true, const Spec& y_pred);

}  // namespace cornu::keras::metrics
