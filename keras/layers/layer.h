#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/keras/activations/activation.h"
#include "cornu/keras/configured.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/context.h"
#include "cornu/keras/data/arrays.h"
#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/layers/inputs.h"
#include "cornu/keras/layers/keras_tensor.h"
#include "cornu/keras/mixed_precision/policy.h"
#include "cornu/keras/mixed_precision/policy_field.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/regularizers/regularizer.h"
#include "cornu/keras/state.h"

namespace cornu::keras::layers {

/// Visits both as files of Keras 2 hold them, `"batch_input_shape": [null, 784]`; files of Keras 3 have an InputLayer
/// instead.
void visit_batch_input_shape(ConfigVisitor& v, Shape& input_shape, std::optional<int>& batch_size);

/// The arguments that end every layer's config. They are no base class, since designated initializers,
/// `Dense({.units = 3, .name = "top"})`, do not reach into bases. `dtype` is the dtype policy ("float32",
/// "mixed_bfloat16", "bfloat16"; empty: the global one), `input_shape` that of one sample, without the batch.
#define CORNU_LAYER_ARGUMENTS                                         \
  std::string name = "";                                              \
  bool trainable = true;                                              \
  std::string dtype = "";                                             \
  ::cornu::graph::Shape input_shape = ::cornu::graph::Shape::unset(); \
  std::optional<int> batch_size = std::nullopt

/// The same, and what every config of ours declares: the visit of its own arguments, and `make`, which the layer's
/// source file defines with CORNU_LAYER.
#define CORNU_LAYER_CONFIG(Config)               \
  CORNU_LAYER_ARGUMENTS;                         \
  void fields(::cornu::keras::ConfigVisitor& v); \
  ::cornu::keras::Made<::cornu::keras::layers::Layer, Config> make() const

/// In a layer's source file: defines `Config::make`, and registers the class by Keras' name of it. Further arguments
/// are those of Registry::add: aliases, and where Keras' versions differ.
#define CORNU_LAYER(Config, Class, ...)                                              \
  ::cornu::keras::Made<::cornu::keras::layers::Layer, Config> Config::make() const { \
    return std::make_shared<Class>(*this);                                           \
  }                                                                                  \
  [[maybe_unused]] static const bool Config##_registered = ::cornu::keras::layers::registry().add<Class>(__VA_ARGS__)

/// Of a class whose Keras 3 form does not take `trainable`: its config says `using always_trainable = void`.
template <class Config>
concept AlwaysTrainable = requires {
  typename Config::always_trainable;
};

/// The whole config of a layer that has no others.
struct LayerConfig {
  CORNU_LAYER_ARGUMENTS;

  template <class Config>
  static LayerConfig of(const Config& c) {
    return {c.name, c.trainable, c.dtype, c.input_shape, c.batch_size};
  }
};

struct WeightConfig {
  std::string name;
  Shape shape = {};
  std::optional<DType> dtype = std::nullopt;  ///< the layer's variable_dtype
  Arg<initializers::Initializer> initializer = "glorot_uniform";
  Arg<regularizers::Regularizer> regularizer = nullptr;
  bool trainable = true;
  Arg<constraints::Constraint> constraint = nullptr;
};

/// A weight with what belongs to it.
struct Weight {
  Variable variable;
  Shared<regularizers::Regularizer> regularizer;
  Shared<constraints::Constraint> constraint;
};

/// Lengths of several tensors.
using Shapes = std::vector<Shape>;

using graph::Specs;

/// What may be given along with the symbolic tensors of a call.
struct CallConfig {
  std::optional<bool> training = std::nullopt;  ///< instead of what the model does: `dropout(x, {.training = true})`
  KerasTensor mask = {};                        ///< bool, of the first axes of the (first) input
  std::vector<std::pair<std::string, KerasTensor>> named = {};  ///< other tensors by name
  std::vector<KerasTensor> initial_state = {};  ///< of recurrent layers: those named "initial_state", in order
  CallValues values = {};  ///< what else the layer's call takes (call_signature): {{"use_causal_mask", true}}
};

/// A layer: weights and a way to compute with them. Deriving from it makes one of your own:
///
///     struct Scale : keras::layers::Layer {
///       Variable gain;
///       void build(const Shape& input) override {
///         gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
///       }
///       Tensor call(const Tensor& x, keras::Context&) override { return x * gain; }
///     };
///
/// `build` and `call` are for layers of one tensor. A layer of several overrides `build_all` and `call_all` instead; a
/// layer made of layers keeps them with `add_layer` and calls them like functions: `dense(x, ctx)`.
///
/// A layer is one object wherever it is used: it is moved into a handle (`Shared<Layer>`), and handles share it.
class CORNU_EXPORT Layer : public Object, public std::enable_shared_from_this<Layer> {
 public:
  explicit Layer(LayerConfig config = {});
  /// The name that users write for a layer whose class is not in its header: `using Flatten =
  /// Layer::Of<FlattenConfig>`, a handle on what `FlattenConfig::make` gives.
  template <class Config>
  using Of = Handle<Configured<Layer, Config>, Config>;

  /// From a config struct that ends with these arguments: `class FlattenLayer : public Configured<Layer,
  /// FlattenConfig>`.
  using TakesConfig = FromConfig;
  template <class Config>
  Layer(FromConfig, const Config& config) : Layer(LayerConfig::of(config)) {}
  /// Visits a layer's config: its own fields, if it has any, and the arguments that every layer has.
  template <class Config>
  requires requires(Config c) { c.input_shape; }
  static void config_fields(Config& c, ConfigVisitor& v) {
    if constexpr (requires { c.fields(v); }) c.fields(v);
    v("name", c.name, {.in_front = true});
    // Keras 3 does not even read `trainable` of a class that does not take it, in files of Keras 2's form either.
    if (!AlwaysTrainable<Config> || !c.trainable || v.purpose() != ConfigVisitor::Purpose::write_keras2)
      v("trainable", c.trainable, {.until_keras3 = AlwaysTrainable<Config>, .in_front = true});
    mixed_precision::policy_field(v, "dtype", c.dtype, {.in_front = true});
    visit_batch_input_shape(v, c.input_shape, c.batch_size);
  }
  ~Layer() override;
  Layer(Layer&&) noexcept;
  Layer& operator=(Layer&&) noexcept;

  /// Adds the weights; `input` has the batch axis in front, kUnknown if it is. Called once.
  virtual void build(const Shape& input);
  /// The same for a layer of any number of inputs; by default `build` of the first.
  virtual void build_all(const Shapes& inputs);
  /// Describes the computation. Shapes of tensors are static here.
  virtual Tensor call(const Tensor& x, Context& ctx);
  /// The same for any number of inputs and outputs; by default `call` of the only one. Throws ValueError for several.
  virtual Tensors call_all(const Inputs& inputs, Context& ctx);

  /// What its call takes beside a list of inputs; by default nothing. It must live as long as the layer.
  virtual const CallSignature& call_signature() const;

  /// Uses the layer in a traced computation: builds it if need be, names its nodes after it, adds the losses of its
  /// weights' regularizers (once a computation, if it is trainable) and of its activity's (divided by the batch size).
  /// Errors of ops inside are prefixed by the layer: `[Dense "dense_1"] …`. The tensor `mask` by name takes the place
  /// of the (first) input's mask.
  Tensors operator()(const Inputs& inputs, Context& ctx);
  /// The first output for one tensor.
  Tensor operator()(const Tensor& x, Context& ctx);
  /// Uses the layer in a graph of layers, from which a `models::Model` is made: builds it if need be and finds the
  /// outputs' shapes. Gives the first output (`outputs()` has all). Throws ShapeError for an input that does not fit.
  KerasTensor operator()(const KerasTensor& x, const CallConfig& config = {});
  KerasTensor operator()(const std::vector<KerasTensor>& inputs, const CallConfig& config = {});
  KerasTensor operator()(std::initializer_list<KerasTensor> inputs, const CallConfig& config = {}) {
    return (*this)(std::vector<KerasTensor>(inputs), config);
  }

  /// Computes with data at once, in front of a model or without one: gives the first output. Data is taken as a model
  /// would take it, in `input_dtype`; builds the layer if need be, and its updates take effect.
  ///
  ///     Array scaled = layers::Rescaling(1. / 255)(images);
  Array operator()(const Arrays& x, bool training = false);

  /// Builds for these inputs' shapes unless built, and finds the outputs' specs. If that throws, the layer is as
  /// before.
  void ensure_built_for(const Specs& inputs);
  /// For one input in `input_dtype(float32)`.
  void ensure_built(const Shape& input);
  /// As before it was built: without weights, sublayers that `build` added, and shapes.
  void unbuild();
  /// Whether it is built for the length of the batch, too: a layer that keeps something for each sample. By default if
  /// one of its sublayers is.
  virtual bool needs_batch() const;
  /// Looks at a call in a graph of layers before its outputs are found: throws for tensors by name that do not fit,
  /// and may give inputs by name that were given by position. By default all is taken as it is.
  virtual void prepare_use(Use&) const {}
  /// The outputs for such inputs, both with kUnknown lengths: by default found by describing `call_all` twice with
  /// different lengths for each axis that is unknown. Builds the layer if need be.
  virtual Specs compute_output_specs(const Specs& inputs);
  /// The same, or what was found when the layer was built for such inputs.
  Specs outputs_for(const Specs& inputs);
  /// The same for a call with tensors by name and values, found by describing it. A layer whose named tensors have
  /// lengths that do not follow from the inputs' overrides it.
  virtual Specs outputs_for_call(const CallSpecs& call);
  /// The same for a call whose inputs may be given by name. Throws ValueError for values that the layer does not take.
  Specs build_for_call(CallSpecs call);
  /// The shape of the (first) output for one input.
  Shape compute_output_shape(const Shape& input);
  /// As the first layer of a model without an Input: the dtype in which it takes data of that dtype. Float32, Keras'
  /// float type, unless a layer says otherwise.
  virtual DType input_dtype(DType data) const;
  /// As a layer that reads an input of a model: throws ValueError for data that it cannot take, before anything runs.
  /// By default all is taken.
  virtual void check_data(const Array& x) const;

  /// The mask of the output, for an input and its mask (undefined: none): asked for where `supports_masking`, unless
  /// `call` has set one (`Context::set_mask`). By default the input's. A layer that does not support masking leaves its
  /// output without one.
  virtual Tensor compute_mask(const Tensor& x, const Tensor& mask) const;
  /// The same for layers of several inputs; by default `compute_mask` of the only one, and none for several.
  virtual Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const;
  bool supports_masking() const;
  /// An input's lengths in the order in which a mask that is given to the call has the first of them: the batch, the
  /// steps, … By default as they are; a layer that takes channels first moves them behind.
  virtual Shape masked_axes(const Shape& input) const { return input; }

  /// The base arguments. A layer of one's own that has arguments visits them, then calls this.
  void fields(ConfigVisitor& v) override;
  /// Weights, random state and the state of sublayers. A layer with other state visits it and calls this.
  virtual void state(StateVisitor& v);

  /// Empty until it is given or the layer is added to a model, which numbers those without: "dense", "dense_1". Weights
  /// are named below it: "dense_1/kernel". Setting throws ValueError for a name with a '/'.
  const std::string& name() const;
  void set_name(std::string name);
  /// A name that a model gives; another model may give another one where it is taken.
  void set_automatic_name(std::string name, bool by_model = true);
  bool has_automatic_name() const;
  /// Whether the name comes from a model that it is a layer of.
  bool named_by_model() const;
  bool trainable() const;
  /// Of this layer and its sublayers. A model that was compiled goes on as it was (as Keras: compile again).
  void set_trainable(bool trainable);
  bool built() const;
  /// Shapes of the first use, of the first input and output; unset before. With kUnknown batch.
  const Shape& input_shape() const;
  const Shape& output_shape() const;
  /// All of them.
  const Shapes& input_shapes() const;
  const Specs& output_specs() const;
  const LayerConfig& base() const;

  /// The symbolic output (or input) of the layer's n-th use in a graph of layers that is still held: with it a part of
  /// a model becomes a model. Throws ValueError if there is no such use.
  ///
  ///     models::Model features(model.inputs(), model.get_layer("dense")->output());
  KerasTensor output(int use = 0) const;
  KerasTensor input(int use = 0) const;

  /// In which dtypes the layer computes and keeps its weights: its `dtype`, else the global policy of when it was made.
  /// Floating inputs are cast to the one, weights that `call` reads too; losses that it adds are float32. Setting
  /// leaves the weights it has in their dtype, and what was traced as it is.
  const mixed_precision::Policy& dtype_policy() const;
  void set_dtype_policy(const mixed_precision::Policy& policy);
  DType compute_dtype() const { return dtype_policy().compute_dtype(); }
  DType variable_dtype() const { return dtype_policy().variable_dtype(); }

  /// The layers that this one is made of, in the order in which they were added, under their names here.
  struct Sublayer {
    std::string name;
    Shared<Layer> layer;
  };
  const std::vector<Sublayer>& sublayers() const;

  /// Weights in Keras' order: the layer's own, trainable ones first, then those of its sublayers.
  std::vector<Weight> weight_list() const;
  std::vector<Variable> weights() const;
  std::vector<Variable> trainable_weights() const;      ///< of layers that are trainable, inside of such ones
  std::vector<Variable> non_trainable_weights() const;  ///< all others
  /// Those that the layer itself has, without its sublayers'.
  const std::vector<Weight>& own_weights() const;
  std::vector<Array> get_weights() const;
  /// Throws ValueError for a wrong number and ShapeError for a wrong shape, naming the layer; then nothing is changed.
  void set_weights(const std::vector<Array>& values);
  std::int64_t count_params() const;

  static Shared<Layer> from_name(const std::string& name);
  static Registry<Layer>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  std::string described() const override;

 protected:
  Variable add_weight(const WeightConfig& config);
  /// Lists a sublayer's weight among this layer's own, too, where Keras has it: after those that were added before. In
  /// `build`.
  void list_weight(const Weight& weight);
  /// Keeps a layer as a part of this one: its weights, losses, training and saving belong to it. In the constructor, or
  /// in `build`. Without a name it is called by its own, or by its class: "dense", "dense_1". Throws ValueError for a
  /// name that is taken.
  ///
  ///     norm = add_layer(layers::Dense(64), "norm");
  template <class T>
  Shared<T> add_layer(Shared<T> layer, std::string name = "") {
    keep_sublayer(layer, std::move(name));
    return layer;
  }
  template <class T>
  requires std::derived_from<T, Layer> Shared<T> add_layer(T layer, std::string name = "") {
    return add_layer(share(std::move(layer)), std::move(name));
  }
  /// For models: these are the layers, each counted once.
  void set_sublayers(const std::vector<Shared<Layer>>& layers);
  /// What was built is forgotten: for a layer that keeps more of it than weights and sublayers.
  virtual void forget() {}

  /// A stream of random numbers for training: `random_state` reads its state and moves it on. In the constructor.
  /// Seeded by `seed`, else by the process' seed; no weight.
  void set_seed(std::optional<std::int64_t> seed);
  /// Throws ValueError unless the layer has called `set_seed`.
  Tensor random_state(Context& ctx);
  void set_activity_regularizer(Arg<regularizers::Regularizer> regularizer);
  /// Keras' `autocast`: false for a layer whose inputs and weights come to `call` in the dtype that they have.
  void set_autocast(bool autocast);
  /// False unless set: for a layer that computes each step of its output from that step of the input.
  void set_supports_masking(bool supports);
  /// `[Dense "dense_1"] ` for messages.
  std::string who() const;
  /// For a layer made from a config struct: visits it with the name and the flag that hold now.
  template <class Config>
  void visit(Config config, ConfigVisitor& v) const {
    config.name = name();
    config.trainable = trainable();
    config.dtype = dtype_policy().name();
    config_fields(config, v);
  }
  /// For models, whose layers change: what the layer is built for.
  void record_specs(Specs inputs, Specs outputs);

 private:
  std::string scope() const;
  void adopt_policy();
  void forget_build();
  void make_random_state();
  Shared<Layer> held();
  KerasTensor use(const std::vector<KerasTensor>& inputs, bool as_list, const CallConfig& config);
  friend CORNU_EXPORT KerasTensor use_input(const Shared<Layer>& layer, const Spec& spec);
  void keep_sublayer(Shared<Layer> layer, std::string name);
  Specs describe_outputs(const CallSpecs& call);
  Tensors call_with(const Inputs& inputs, Context& ctx);
  Tensors call_in_compute_dtype(const Inputs& inputs, Context& ctx);
  void set_output_mask(const Inputs& inputs, const Tensors& outputs, Context& ctx) const;
  void add_penalties(const Tensors& outputs, Context& ctx) const;
  struct State;
  graph::Hidden<State> state_;
};

/// The use of an InputLayer: a symbolic tensor that no other one leads to.
CORNU_EXPORT KerasTensor use_input(const Shared<Layer>& layer, const Spec& spec);

inline Registry<Layer>& registry() { return Layer::registry(); }

}  // namespace cornu::keras::layers
