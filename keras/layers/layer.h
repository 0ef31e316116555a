#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cornu/keras/activations/activation.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/context.h"
#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/mixed_precision/policy.h"
#include "cornu/keras/mixed_precision/policy_field.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::layers {

/// Visits both as files of Keras 2 hold them, `"batch_input_shape": [null, 784]`; files of Keras 3 have an InputLayer
/// instead.
void visit_batch_input_shape(ConfigVisitor& v, Shape& input_shape, std::optional<int>& batch_size);

/// Visits the arguments that end every layer's config.
template <class Config>
void base_fields(Config& c, ConfigVisitor& v) {
  v("name", c.name, {.in_front = true});
  v("trainable", c.trainable, {.in_front = true});
  mixed_precision::policy_field(v, "dtype", c.dtype, {.in_front = true});
  visit_batch_input_shape(v, c.input_shape, c.batch_size);
}

struct LayerConfig {
  std::string name;
  bool trainable = true;
  std::string dtype;  ///< the dtype policy: "float32", "mixed_bfloat16", "bfloat16"; empty: the global one
  Shape input_shape = Shape::unset();  ///< of one sample: without the batch
  std::optional<int> batch_size;

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

/// A layer: weights and a way to compute with them. Deriving from it makes one of your own:
///
///     struct Scale : keras::layers::Layer {
///       Variable gain;
///       void build(const Shape& input) override { gain = add_weight({.name = "gain", .shape = {input.back()},
///       .initializer = "ones"}); } Tensor call(const Tensor& x, keras::Context&) override { return x * gain; }
///     };
///
/// A layer is one object wherever it is used: it is moved into a handle (`Shared<Layer>`), and handles share it.
class CORNU_EXPORT Layer : public Object {
 public:
  explicit Layer(LayerConfig config = {});
  ~Layer() override;
  Layer(Layer&&) noexcept;
  Layer& operator=(Layer&&) noexcept;

  /// Adds the weights; `input` has the batch axis in front, kUnknown if it is. Called once.
  virtual void build(const Shape& input);
  /// Describes the computation. Shapes of tensors are static here.
  virtual Tensor call(const Tensor& x, Context& ctx) = 0;

  /// Uses the layer in a traced computation: builds it if need be, names its nodes after it, adds the losses of its
  /// weights' regularizers (once a computation, if it is trainable) and of its activity's (divided by the batch size).
  /// Errors of ops inside are prefixed by the layer: `[Dense "dense_1"] …`.
  Tensor operator()(const Tensor& x, Context& ctx);
  /// Builds for that input shape unless built, and finds the output's shape. If that throws, the layer is as before.
  void ensure_built(const Shape& input);
  /// As before it was built: without weights and shapes.
  virtual void unbuild();
  /// The output's shape for an input's, either with kUnknown batch: by default found by describing `call` for two batch
  /// sizes (and two lengths of other unknown axes). Builds the layer if need be.
  virtual Shape compute_output_shape(const Shape& input);
  /// As the first layer of a model without an Input: the dtype in which it takes data of that dtype. Float32, Keras'
  /// float type, unless a layer says otherwise.
  virtual DType input_dtype(DType data) const;
  /// As the first layer of a model: throws ValueError for data that it cannot take, before anything runs. By default
  /// all is taken.
  virtual void check_data(const Array& x) const;

  /// The mask of the output, for an input and its mask (undefined: none): asked for where `supports_masking`, unless
  /// `call` has set one
  /// (`Context::set_mask`). By default the input's. A layer that does not support masking leaves its output without
  /// one.
  virtual Tensor compute_mask(const Tensor& x, const Tensor& mask) const;
  bool supports_masking() const;

  /// The base arguments. A layer of one's own that has arguments visits them, then calls this.
  void fields(ConfigVisitor& v) override;

  /// Empty until it is given or the layer is added to a model, which numbers those without: "dense", "dense_1". Weights
  /// are named below it: "dense_1/kernel". Setting throws ValueError for a name with a '/'.
  const std::string& name() const;
  void set_name(std::string name);
  /// A name that a model gives; another model may give another one where it is taken.
  void set_automatic_name(std::string name);
  bool has_automatic_name() const;
  bool trainable() const;
  /// Of this layer and its sublayers. A model that has trained since `compile` goes on with the weights it had (as
  /// Keras: compile again).
  virtual void set_trainable(bool trainable);
  bool built() const;
  /// Shapes of the first use; unset before. With kUnknown batch.
  const Shape& input_shape() const;
  const Shape& output_shape() const;
  const LayerConfig& base() const;

  /// In which dtypes the layer computes and keeps its weights: its `dtype`, else the global policy of when it was made.
  /// Floating inputs are cast to the one, weights that `call` reads too; losses that it adds are float32. Setting
  /// leaves the weights it has in their dtype, and what was traced as it is.
  const mixed_precision::Policy& dtype_policy() const;
  void set_dtype_policy(const mixed_precision::Policy& policy);
  DType compute_dtype() const { return dtype_policy().compute_dtype(); }
  DType variable_dtype() const { return dtype_policy().variable_dtype(); }

  /// Weights in Keras' order: trainable ones first, then the others.
  virtual std::vector<Weight> weight_list() const;
  std::vector<Variable> weights() const;
  virtual std::vector<Variable> trainable_weights() const;  ///< none if the layer is not trainable
  std::vector<Variable> non_trainable_weights() const;      ///< all others
  std::vector<Array> get_weights() const;
  /// Throws ValueError for a wrong number and ShapeError for a wrong shape, naming the layer; then nothing is changed.
  void set_weights(const std::vector<Array>& values);
  std::int64_t count_params() const;

  static Shared<Layer> from_name(const std::string& name);
  static Registry<Layer>& registry();
  const AnyRegistry* kind() const override { return &registry(); }
  std::string described() const override;

 protected:
  /// For layers made of layers, whose parts change: calls `build` again and records the shapes, with the batch as it
  /// is; nothing is recorded if it throws.
  void rebuild(const Shape& input);
  Variable add_weight(const WeightConfig& config);
  /// A random stream for training: reads the state and moves it on. Seeded by `seed`, else by the process' seed; no
  /// weight.
  Tensor random_state(Context& ctx);
  void set_seed(std::optional<std::int64_t> seed);
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
    config.fields(v);
  }

 private:
  std::string scope() const;
  void adopt_policy();
  Tensor call_in_compute_dtype(const Tensor& x, Context& ctx);
  struct State;
  std::unique_ptr<State> state_;
};

inline Registry<Layer>& registry() { return Layer::registry(); }

}  // namespace cornu::keras::layers
