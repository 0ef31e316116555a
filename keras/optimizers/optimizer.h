#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/keras/configured.h"
#include "cornu/keras/context.h"
#include "cornu/keras/optimizers/learning_rate.h"
#include "cornu/keras/state.h"

namespace cornu::keras::optimizers {

/// Visits what files of Keras 2 say of how it runs an optimizer, which nothing here depends on.
void keras2_fields(ConfigVisitor& v, bool legacy);

/// Whether the config is of one of Keras 2's optimizers.
template <class Config>
inline constexpr bool is_legacy_config = requires {
  Config::is_legacy;
};

/// Whether the config is of an optimizer that leaves the steps, and with them the base arguments, to another one.
template <class Config>
inline constexpr bool is_wrapper_config = requires(Config c) {
  c.inner_optimizer;
};

/// The arguments that begin every optimizer's config; `lr` is Keras 2's name of the rate. What they mean says
/// OptimizerConfig. Macros, since designated initializers, `Adam({.learning_rate = 0.1})`, do not reach into bases.
#define CORNU_LEARNING_RATE_ARGUMENTS(rate)                 \
  std::optional<LearningRate> learning_rate = std::nullopt; \
  std::optional<LearningRate> lr = std::nullopt;            \
  static constexpr double default_rate = rate

/// Those behind `weight_decay`, with which the config of every optimizer of Keras 3 ends. `decay` is Keras 2's: the
/// rate is learning_rate / (1 + decay * step), which is InverseTimeDecay.
#define CORNU_OPTIMIZER_ARGUMENTS(default_name)                  \
  std::optional<double> clipnorm = std::nullopt;                 \
  std::optional<double> clipvalue = std::nullopt;                \
  std::optional<double> global_clipnorm = std::nullopt;          \
  bool use_ema = false;                                          \
  double ema_momentum = 0.99;                                    \
  std::optional<int> ema_overwrite_frequency = std::nullopt;     \
  std::optional<double> loss_scale_factor = std::nullopt;        \
  std::optional<int> gradient_accumulation_steps = std::nullopt; \
  std::string name = default_name;                               \
  double decay = 0

/// The same, and what every config of ours declares.
#define CORNU_OPTIMIZER_CONFIG(Config, default_name)                    \
  CORNU_OPTIMIZER_ARGUMENTS(default_name);                              \
  using positional = ::cornu::keras::Positions<&Config::learning_rate>; \
  void fields(::cornu::keras::ConfigVisitor& v);                        \
  ::cornu::keras::Made<::cornu::keras::optimizers::Optimizer, Config> make() const

/// Base arguments by value, taken from any optimizer's config.
struct OptimizerConfig {
  std::optional<double> weight_decay = std::nullopt;     ///< w -= rate * weight_decay * w before each step
  std::optional<double> clipnorm = std::nullopt;         ///< longest gradient of a variable; 0: any
  std::optional<double> clipvalue = std::nullopt;        ///< largest element of a gradient; 0: any
  std::optional<double> global_clipnorm = std::nullopt;  ///< longest gradient of all variables together; 0: any
  bool use_ema = false;                                  ///< keeps moving averages of the variables
  double ema_momentum = 0.99;
  std::optional<int> ema_overwrite_frequency = std::nullopt;  ///< every so many steps variables become their averages
  std::optional<double> loss_scale_factor = std::nullopt;     ///< gradients are of a loss that was multiplied by it
  std::optional<int> gradient_accumulation_steps = std::nullopt;
  std::string name = {};
  /// Set by optimizers::legacy alone: step t = 0, 1, … uses rate / (1 + decay t), and the rate is no weight of the
  /// optimizer.
  std::optional<double> legacy_decay = std::nullopt;

  template <class Config>
  static OptimizerConfig of(const Config& c) {
    OptimizerConfig base{
        .clipnorm = c.clipnorm, .clipvalue = c.clipvalue, .global_clipnorm = c.global_clipnorm, .name = c.name};
    if constexpr (is_legacy_config<Config>) {
      base.legacy_decay = c.decay;
      if constexpr (requires { Config::decays_rate; }) base.legacy_decay = 0;
    } else {
      base.weight_decay = c.weight_decay;
      base.use_ema = c.use_ema;
      base.ema_momentum = c.ema_momentum;
      base.ema_overwrite_frequency = c.ema_overwrite_frequency;
      base.loss_scale_factor = c.loss_scale_factor;
      base.gradient_accumulation_steps = c.gradient_accumulation_steps;
    }
    return base;
  }
};

/// Changes variables along their gradients. What Keras 3's base optimizer does (decay of weights, clipping,
/// accumulation, moving averages, schedules, constraints) is here; a rule of one's own derives from it and gives
/// `add_slots` and `step`:
///
///     struct Momentum : optimizers::Optimizer {
///       Momentum() : Optimizer(0.01, {.name = "momentum"}) {}
///       void add_slots(const std::vector<Variable>& variables) override { for (auto& v : variables) add_slot(v,
///       "velocity"); } Tensor step(const Step& s) override {
///         Tensor velocity = 0.9 * s.slot("velocity") - s.rate * s.gradient;
///         s.update("velocity", velocity);
///         return s.value + velocity;
///       }
///     };
///
/// An optimizer has state: names that users write (`optimizers::Adam({.learning_rate = 0.01})`) are handles that share
/// it.
class CORNU_EXPORT Optimizer : public Object {
  struct State;
  OptimizerConfig base_;
  graph::Hidden<State> state_;

 public:
  /// Throws ValueError for arguments that are negative or no numbers, for several clippings, an accumulation over less
  /// than 2 steps, an ema_momentum outside [0, 1] and an overwrite frequency below 1.
  Optimizer(LearningRate learning_rate, OptimizerConfig base);
  /// The name that users write for an optimizer whose class is not in its header: `using Adam =
  /// Optimizer::Of<AdamConfig>`, a handle on what `AdamConfig::make` gives.
  template <class Config>
  using Of = Handle<Configured<Optimizer, Config>, Config>;

  /// From a config struct that ends with Keras' base arguments; `default_rate` is its default learning rate.
  using TakesConfig = FromConfig;
  template <class Config>
  requires(!is_wrapper_config<Config>) Optimizer(FromConfig, const Config& c)
      : Optimizer(learning_rate_of(c.name, c.learning_rate, c.lr, Config::default_rate,
                                   is_legacy_config<Config> ? 0 : c.decay),
                  OptimizerConfig::of(c)) {}
  /// One that wraps another: it has that one's learning rate, and the name alone of the base arguments.
  template <class Config>
  requires is_wrapper_config<Config> Optimizer(FromConfig, const Config& c)
      : Optimizer(Wraps(), c.inner_optimizer, c.name) {}
  /// Visits an optimizer's config: the rate, its own fields, the arguments that every optimizer has, and `last_fields`
  /// if Keras has some behind those.
  template <class Config>
  requires(!is_wrapper_config<Config>) static void config_fields(Config& c, ConfigVisitor& v) {
    constexpr bool legacy = is_legacy_config<Config>;
    v("learning_rate", c.learning_rate);
    v("lr", c.lr, {.only_read = true});
    c.fields(v);
    if constexpr (!legacy) v("weight_decay", c.weight_decay);
    // Of its older optimizers Keras 2 lists the clipping that there is.
    const FieldForm clipping{.unless_null = legacy};
    v("clipnorm", c.clipnorm, clipping);
    v("clipvalue", c.clipvalue, clipping);
    v("global_clipnorm", c.global_clipnorm, clipping);
    if constexpr (!legacy) {
      v("use_ema", c.use_ema);
      v("ema_momentum", c.ema_momentum);
      v("ema_overwrite_frequency", c.ema_overwrite_frequency);
      v("loss_scale_factor", c.loss_scale_factor, {.since_keras3 = true});
      v("gradient_accumulation_steps", c.gradient_accumulation_steps, {.since_keras3 = true});
    }
    v("name", c.name);
    if constexpr (requires { c.last_fields(v); }) c.last_fields(v);
    v("decay", c.decay, {.only_read = !legacy});
    keras2_fields(v, legacy);
  }
  ~Optimizer() override;
  Optimizer(Optimizer&&) noexcept;
  Optimizer& operator=(Optimizer&&) noexcept;

  /// Makes the slots for these variables; again with some of them does nothing, with others throws ValueError.
  virtual void build(const std::vector<Variable>& variables);
  bool built() const;

  using GradientAndVariable = std::pair<Tensor, Variable>;
  using Projections = std::vector<std::function<Tensor(const Tensor&)>>;
  /// Describes one step: updates of the variables, slots and the step count are added to the context. Builds for the
  /// variables unless built. Variables without a gradient (an undefined tensor) are left out. `constraints` parallel to
  /// the variables, or empty (an undefined function: none). Throws ValueError if no variable has a gradient or one is
  /// unknown, ShapeError for a gradient of another shape.
  virtual void apply(const std::vector<GradientAndVariable>& gradients, Context& ctx, const Projections& constraints);
  void apply(const std::vector<GradientAndVariable>& gradients, Context& ctx) { apply(gradients, ctx, {}); }

  /// The loss times loss_scale_factor, if there is one: what gradients should be taken of. `ctx`: of the step.
  virtual Tensor scale_loss(const Tensor& loss, const Context& ctx) const;
  Tensor scale_loss(const Tensor& loss) const { return scale_loss(loss, Context()); }

  /// Variables that weight_decay leaves alone: these, and those whose name matches one of the patterns ("bias", or any
  /// regular expression). Throws ValueError if the optimizer is built or a pattern is none.
  void exclude_from_weight_decay(const std::vector<Variable>& variables, const std::vector<std::string>& names = {});

  /// Whether some are excluded, which no file holds.
  bool has_exclusions() const;

  /// After training: variables take their moving averages, if use_ema.
  void finalize_variable_values();

  /// The rate of the next step, as a property: `double rate = optimizer->learning_rate; optimizer->learning_rate =
  /// 0.1;` (a variable: nothing is traced anew). It is callable, too.
  class RateProperty {
   public:
    operator double() const { return (*this)(); }  // NOLINT: is a number
    double operator()() const;
    /// Throws TypeError if the rate is a schedule, ValueError unless it is a finite number.
    const RateProperty& operator=(double rate) const;
    RateProperty(const RateProperty&) = default;
    /// Takes over the other rate's number.
    const RateProperty& operator=(const RateProperty& other) const { return *this = other(); }

   private:
    friend class Optimizer;
    explicit RateProperty(State& state) : state_(&state) {}
    State* state_;
  };
  RateProperty learning_rate;
  void set_learning_rate(double rate) { learning_rate = rate; }
  /// Empty if the rate is a number.
  const Shared<schedules::LearningRateSchedule>& schedule() const;
  /// The number of updates made (with accumulation, calls divided by its steps; `variables()[0]` counts calls).
  std::int64_t iterations() const;
  void set_iterations(std::int64_t n);

  /// The optimizer that makes the steps, whose state files of Keras 2 hold: this one, or the one that it wraps.
  virtual const Optimizer& stepping() const { return *this; }
  /// As Keras 3's `optimizer.variables`: the step count (int64), the learning rate (unless a schedule), then slots, in
  /// Keras 3's order and with its names ("adam/dense_kernel_momentum"). Of a legacy optimizer: the step count and slots
  /// as Keras 2's `optimizer.weights`.
  virtual std::vector<Variable> variables() const;
  /// The slots alone as Keras 2.15 stores them, in its order (which is Keras 3's), with names such as "m/dense/kernel"
  /// (legacy: "dense/kernel/m"). An undefined slot stands for zeros: what Keras 2.15 stores though nothing uses it (SGD
  /// without momentum). An undefined owner: the slot belongs to all variables together.
  struct Slot {
    std::string name;
    Variable owner, slot;
  };
  const std::vector<Slot>& slots() const;
  const OptimizerConfig& base() const { return base_; }
  /// The step count, the learning rate (unless a schedule) and the slots. A rule that keeps something else visits that,
  /// too.
  virtual void state(StateVisitor& v);
  const std::string& name() const { return base_.name; }
  /// What files of Keras 2 call it. For Keras' own classes that is the class, since Keras 3.15 looks for the class of a
  /// Keras 2 file's optimizer by the name.
  std::string keras2_name() const;

  /// By Keras' names: "rmsprop", "RMSprop", "adam", … with default arguments. Throws ValueError with the known names.
  static Shared<Optimizer> from_name(const std::string& name);
  static Registry<Optimizer>& registry();
  const AnyRegistry* kind() const override { return &registry(); }

  /// What a rule sees of one variable's step.
  struct Step {
    Tensor gradient;  ///< clipped
    Tensor value;     ///< the variable's, after its decay
    Variable variable;
    Tensor rate;     ///< the learning rate, float32 scalar
    Tensor number;   ///< 1, 2, …: float32 scalar
    Tensors shared;  ///< what `shared` gave
    Tensor due;      ///< bool: gradients have accumulated; undefined without accumulation
    const Optimizer& optimizer;
    Context& ctx;

    /// The slot's present value, and a new one.
    Tensor slot(std::string_view name) const;
    void update(std::string_view slot, const Tensor& value) const;
    /// The same for a variable of the rule's own.
    void update(const Variable& state, const Tensor& value) const;
  };

 protected:
  /// Called by build: `add_slot(variable, "velocity")` for what the rule keeps.
  virtual void add_slots(const std::vector<Variable>& variables) = 0;
  /// Scalars that are computed once for all variables, such as a bias correction.
  virtual Tensors shared(const Tensor& rate, const Tensor& number, const Context& ctx) const;
  /// The variable's new value; new values of slots go to `s.update("velocity", …)`.
  virtual Tensor step(const Step& s) = 0;
  /// A slot of the owner's shape, by Keras 3's name; `keras2` is the name in files of Keras 2.
  Variable add_slot(const Variable& owner, const std::string& name, const std::string& keras2 = "", double initial = 0);
  /// The same with the values that it begins with, which may have another shape.
  Variable add_slot(const Variable& owner, const std::string& name, const std::string& keras2, const Array& initial);
  /// Slots of these names for each variable in turn; of Keras 2's older optimizers for each name in turn.
  struct SlotName {
    std::string name, keras2 = "";
    double initial = 0;
  };
  void add_slots_for(const std::vector<Variable>& variables, const std::vector<SlotName>& names);
  /// A variable of all slots together, such as a running product. Files of Keras 2's older optimizers hold it.
  Variable add_variable(const std::string& name, const Array& initial);
  /// Zeros that files of Keras 2.15 have for the owner.
  void add_unused_slot(const Variable& owner, const std::string& keras2);
  const Variable& slot(const Variable& owner, std::string_view name) const;
  /// The part of the rate by which a variable decays; none: it does not.
  virtual std::optional<double> weight_decay(const Variable& variable) const;
  /// Whether weight_decay is not to leave the variable alone.
  bool decays(const Variable& variable) const;
  /// What a file should hold: the schedule, or the rate as it is now.
  LearningRate saved_learning_rate() const;
  /// For an optimizer made from a config struct: visits it with the rate as it is now.
  template <class Config>
  requires(!is_wrapper_config<Config>) void visit(Config& config, ConfigVisitor& v) const {
    Config now = config;
    now.learning_rate = saved_learning_rate();
    if constexpr (!is_legacy_config<Config>) now.loss_scale_factor = base_.loss_scale_factor;
    if (v.purpose() == ConfigVisitor::Purpose::write_keras2) now.name = keras2_name();
    config_fields(now, v);
  }

 private:
  struct Wraps {};
  Optimizer(Wraps, const Shared<Optimizer>& inner, std::string name);
  Tensors clipped(Tensors gradients) const;
};

inline Registry<Optimizer>& registry() { return Optimizer::registry(); }

/// The config, of Keras 2's older optimizers with the default epsilon instead of 0, which means it there.
template <class Config>
Config with_epsilon(Config config) {
  if (is_legacy_config<Config> && config.epsilon == 0) config.epsilon = Config().epsilon;
  return config;
}

/// Throws ValueError unless the argument is a number in [low, high] (`high` infinite: finite and at least `low`).
void require_between(std::string_view optimizer, std::string_view argument, double value, double low, double high);

}  // namespace cornu::keras::optimizers
