#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/callbacks/history.h"
#include "cornu/keras/data/arrays.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/models/compile_config.h"
#include "cornu/keras/saving/custom_objects.h"

namespace cornu::keras {

/// Data to validate with after each epoch: `.validation_data = {x_val, y_val}`, or with sample weights as the third; or
/// a source of batches.
struct ValidationData {
  ValidationData() = default;
  ValidationData(Arrays x, Arrays y = {}, Arrays sample_weight = {})  // NOLINT: data
      : x(std::move(x)), y(std::move(y)), sample_weight(std::move(sample_weight)) {}
  /// A Dataset, a Sequence, or another source.
  template <std::convertible_to<std::shared_ptr<data::Source>> S>
  ValidationData(S source) : source(std::move(source)) {}  // NOLINT: a source

  Arrays x, y, sample_weight;
  std::shared_ptr<data::Source> source;
};

/// After which epochs to validate: after every so many, `.validation_freq = 2`, or after those of a list, which counts
/// from 1: `.validation_freq = {1, 5, 10}`.
class CORNU_EXPORT ValidationFreq {
 public:
  ValidationFreq(int every) : every_(every) {}                             // NOLINT: a number
  ValidationFreq(std::vector<int> epochs) : epochs_(std::move(epochs)) {}  // NOLINT: a list
  ValidationFreq(std::initializer_list<int> epochs) : epochs_(epochs) {}
  /// Throws ValueError for a number below 1.
  void check() const;
  /// Whether to validate after this epoch, which counts from 0.
  bool after(int epoch) const;

 private:
  int every_ = 0;  // 0: the list
  std::vector<int> epochs_;
};

struct FitConfig {
  std::optional<int> batch_size = std::nullopt;  ///< 32; with steps_per_epoch alone, what makes so many batches
  int epochs = 1;
  int verbose = 1;  ///< 0 silent, 1 a progress bar, 2 one line per epoch
  std::vector<Shared<callbacks::Callback>> callbacks = {};
  double validation_split = 0;
  ValidationData validation_data = {};
  bool shuffle = true;
  std::map<int, double> class_weight = {};  ///< for models of one output, whatever its data comes from
  Arrays sample_weight = {};                ///< one array for all outputs, or one for each
  int initial_epoch = 0;
  std::optional<int> steps_per_epoch = std::nullopt;        ///< the next epoch goes on where one ended
  std::optional<int> validation_steps = std::nullopt;       ///< all batches
  std::optional<int> validation_batch_size = std::nullopt;  ///< batch_size
  ValidationFreq validation_freq = 1;                       ///< validates after every so many epochs
};

struct EvaluateConfig {
  std::optional<int> batch_size = std::nullopt;  ///< 32
  int verbose = 1;
  Arrays sample_weight = {};
  std::optional<int> steps = std::nullopt;
  std::vector<Shared<callbacks::Callback>> callbacks = {};
};

struct PredictConfig {
  std::optional<int> batch_size = std::nullopt;  ///< 32
  int verbose = 0;
  std::optional<int> steps = std::nullopt;
  std::vector<Shared<callbacks::Callback>> callbacks = {};
};

struct BatchConfig {
  Arrays sample_weight = {};
  std::map<int, double> class_weight = {};
};

/// The arguments of `summary`, as in Keras.
struct SummaryConfig {
  bool expand_nested = false;   ///< the layers of models that are layers, too
  bool show_trainable = false;  ///< a column that says which layers are trained
};

/// The arguments of `load_weights`, as in Keras. `by_name`: layers take the weights of the stored layer of their name,
/// others keep theirs. `skip_mismatch`: weights of another shape are left out, with a warning.
struct LoadWeightsConfig {
  bool by_name = false;
  bool skip_mismatch = false;
};

/// The arguments of `export_model`.
struct ExportConfig {
  std::string format = "onnx";  ///< the only one that there is here
};

/// The arguments of `save`, as in Keras, and `self_test`: the file holds an input as well and what each layer makes of
/// it, which `load_model` compares with what the loaded layers make of it.
struct SaveConfig {
  bool overwrite = true;
  bool include_optimizer = true;
  bool self_test = false;
};

namespace models {

class Training;
class Network;  // the shared state: layers and their wiring, the compiled training, in keras/models/network.h

/// What `Model` is made of: `models::Model({.inputs = {a, b}, .outputs = {what, equal}, .name = "pairs"})`.
struct ModelConfig {
  KerasTensors inputs, outputs;
  std::string name = "";
  bool trainable = true;
};

/// A model. A handle: copies are the same model, as in Python. Made of symbolic tensors, of a class of one's own (see
/// Network), as a Sequential or by `load_model`.
///
///     auto x = layers::Input({.shape = {784}});
///     models::Model model(x, layers::Dense(10, {.activation = "softmax"})(x));
///
/// `fit`, `evaluate` and `compile` change the model and must not run at the same time on it; `predict` may be called by
/// many threads.
class CORNU_EXPORT Model {
 public:
  explicit Model(std::shared_ptr<Network> network);
  template <std::derived_from<Network> N>
  explicit Model(const Shared<N>& network) : Model(std::shared_ptr<Network>(network.pointer())) {}
  /// The layers that lead from the inputs to the outputs. Throws ValueError if an output needs what is not among the
  /// inputs, and for two layers that were given one name.
  explicit Model(ModelConfig config);
  Model(const KerasTensors& inputs, const KerasTensors& outputs, std::string name = "");

  /// Throws ValueError for unknown names (when the config is written down), for arguments that contradict each other,
  /// and for names of outputs that the model does not have.
  void compile(CompileConfig config);

  /// Trains. x and y: (samples, …), for models of several inputs or outputs in their order or by name. Throws
  /// ValueError before `compile`, for empty data, a batch size below 1, different numbers of samples; ShapeError for a
  /// shape that does not fit the layer that reads it. On Ctrl-C it ends after the batch and returns.
  History fit(const Arrays& x, const Arrays& y, FitConfig config = {});
  /// Without targets: where no loss needs any.
  History fit(const Arrays& x, FitConfig config = {});
  /// From batches: of a Dataset, a Sequence, or another source. Throws ValueError, besides, for data without an end
  /// and no steps_per_epoch, and what the source throws.
  History fit(const std::shared_ptr<data::Source>& source, FitConfig config = {});
  /// Loss and metrics, by name: `scores["accuracy"]`.
  Logs evaluate(const Arrays& x, const Arrays& y, EvaluateConfig config = {});
  Logs evaluate(const Arrays& x, EvaluateConfig config = {});
  Logs evaluate(const std::shared_ptr<data::Source>& source, EvaluateConfig config = {});
  /// (samples, …) for any number of samples, of a model with one input and one output.
  Array predict(const Array& x, PredictConfig config = {}) const;
  template <class T>
  requires requires(const std::vector<T>& values) { Array(values); }
  Array predict(const std::vector<T>& x, PredictConfig config = {}) const {
    return predict(Array(x), std::move(config));
  }
  /// Of a model with several: `predict({left, right})["digit"]`. (One array for a model of several outputs:
  /// `predict(Arrays(x))`.)
  Arrays predict(const Arrays& x, PredictConfig config = {}) const;
  /// For the batches of a Dataset, a Sequence, or another source, whose targets are not looked at: the rows of all of
  /// them. (Of a model with several outputs: predict_outputs.)
  Array predict(const std::shared_ptr<data::Source>& source, PredictConfig config = {}) const;
  Arrays predict_outputs(const std::shared_ptr<data::Source>& source, PredictConfig config = {}) const;
  /// One step on these samples, and its figures, which start from zero as in Keras 3.
  Logs train_on_batch(Arrays x, Arrays y, BatchConfig config = {});
  Logs test_on_batch(Arrays x, Arrays y, BatchConfig config = {});
  /// What `predict` gives for so many samples at once.
  Array predict_on_batch(const Array& x) const;
  Arrays predict_on_batch(const Arrays& x) const;
  void reset_metrics();
  /// Sets the states of all stateful recurrent layers to zero, those inside of other layers, too.
  void reset_states();

  /// Builds for an input shape with the batch axis in front: `build({kUnknown, 784})`. Throws ValueError if it is built
  /// for another one.
  void build(const Shape& input_shape);
  /// Limits the computations of this model to so many threads (0: as many as OpenMP gives). Bits depend on the number.
  void set_threads(int threads);
  bool built() const;
  bool compiled() const;

  /// The model in a graph of layers, which keeps it: `encode(x)`. With arrays what `predict` of one batch gives.
  KerasTensor operator()(const KerasTensor& x, const layers::CallConfig& config = {}) const;
  KerasTensor operator()(const std::vector<KerasTensor>& inputs, const layers::CallConfig& config = {}) const;
  KerasTensor operator()(std::initializer_list<KerasTensor> inputs, const layers::CallConfig& config = {}) const;
  Array operator()(const Array& x) const { return predict_on_batch(x); }
  /// The model within a computation that is traced, as a layer is used: `Function f([&](const Tensor& x) { … })`.
  Tensors operator()(const Inputs& inputs, Context& ctx) const;
  Tensor operator()(const Tensor& x, Context& ctx) const;

  /// The table of layers: of a row of layers in the introduction's form, 65 columns; of others with the column
  /// "Connected to", 98 columns, as in Keras 2. Throws ValueError if the model is not built.
  void summary(SummaryConfig config = {}) const;
  void summary(std::ostream& out, SummaryConfig config = {}) const;
  void summary(const std::function<void(const std::string&)>& print_line, SummaryConfig config = {}) const;

  /// Everything to a file: layers, weights, how it is compiled, the optimizer's state. The name says the form: .keras
  /// Keras 3's archive, .h5 and .hdf5 Keras 2's, which both Kerases open. The file is replaced as a whole or not at
  /// all. Throws IoError (full disk, no folder), ValueError for what such a file cannot hold (naming the layer).
  void save(const io::Path& path, SaveConfig config = {}) const;
  /// The weights alone: .weights.h5 in Keras 3's form, with the optimizer's state, another .h5 in Keras 2's.
  void save_weights(const io::Path& path, SaveConfig config = {}) const;
  /// What `predict` computes, as an ONNX graph (opset 18) that other programs run: inputs and outputs by the model's
  /// names, the batch of any size. The file is replaced as a whole or not at all. Keras: `model.export`. Throws
  /// ValueError, naming the layer, for what ONNX cannot be told (random numbers, texts, states that are kept between
  /// calls), before the model is built, and for another format; IoError as `save`.
  ///
  ///     model.export_model("model.onnx", {.format = "onnx"});
  void export_model(const io::Path& path, ExportConfig config = {}) const;
  /// The layers as JSON in Keras 3's form, for `model_from_json`: without weights, and without how it is compiled.
  std::string to_json() const;
  /// What the model is made of, without its class: `{"name": …, "layers": […]}`, as Keras' get_config.
  std::string get_config() const;
  /// The model that such a config describes, of a row or of a graph of layers, with fresh weights, not compiled. Throws
  /// as `model_from_json`.
  static Model from_config(std::string_view config, const saving::CustomObjects& custom_objects = {});
  /// Weights from a file of `save` or `save_weights`, or of any Keras: a whole model or weights alone, whatever it is
  /// called. Those of a .keras and a .weights.h5 bring the optimizer's state, if it is the same optimizer. Throws as
  /// `load_model`, ValueError before the model is built; then nothing is changed.
  void load_weights(const io::Path& path, LoadWeightsConfig config = {});

  std::string name() const;
  /// The layers, without the InputLayer of a Sequential, as Keras' `model.layers`.
  std::vector<Shared<layers::Layer>> layers() const;
  Shared<layers::Layer> get_layer(std::string_view name) const;
  Shared<layers::Layer> get_layer(int index) const;
  /// The symbolic tensors that the model is made of: with them a part of it becomes a model. Throws ValueError if it is
  /// a class of one's own, or not built.
  KerasTensors inputs() const;
  KerasTensors outputs() const;
  std::vector<std::string> input_names() const;
  std::vector<std::string> output_names() const;
  const Shape& input_shape() const;  ///< with the batch axis, kUnknown unless a batch_size was given
  const Shape& output_shape() const;
  std::vector<Variable> weights() const;
  std::vector<Variable> trainable_weights() const;
  std::vector<Variable> non_trainable_weights() const;
  std::vector<Array> get_weights() const;
  void set_weights(const std::vector<Array>& values);
  std::int64_t count_params() const;
  bool trainable() const;
  void set_trainable(bool trainable);
  /// Throws ValueError before compile.
  Shared<optimizers::Optimizer> optimizer() const;
  std::vector<std::string> metrics_names() const;

  /// Set it to end a fit, as in Keras: no more batches, and the epoch is the last one. Any handle on the model will do.
  class StopTraining {
   public:
    explicit StopTraining(std::shared_ptr<Network> network) : network_(std::move(network)) {}
    StopTraining(const StopTraining&) = default;
    StopTraining& operator=(const StopTraining& other) { return *this = static_cast<bool>(other); }
    StopTraining& operator=(bool stop);
    operator bool() const;  // NOLINT: is a bool

   private:
    friend class Model;
    std::shared_ptr<Network> network_;
  };
  StopTraining stop_training;

  Model(const Model&) = default;
  /// Becomes a handle on the other's model (the flag, too).
  Model& operator=(const Model& other);
  friend bool operator==(const Model& a, const Model& b) { return a.network_ == b.network_; }

  /// A model is a layer, too: `outer.add(inner)`.
  operator Shared<layers::Layer>() const;  // NOLINT: is a layer
  /// The shared state, which that layer is.
  const std::shared_ptr<Network>& network() const { return network_; }

 protected:
  std::shared_ptr<Network> network_;

 private:
  Training& training() const;  // throws before compile
  struct Run;
  History run_fit(Run& train, Run* validation, const FitConfig& config);
};

struct LoadConfig {
  saving::CustomObjects custom_objects = {};  ///< what names in the file stand for that are not registered
  bool compile = true;
  bool isolated = false;  ///< reads the file in a child process first: for files that one does not trust
};

/// Reads a model that Cornu or Keras wrote: .h5 of Keras 1, 2 or 3, .keras of Keras 2.12 or later. What the file is
/// says its content, not its name. Throws IoError if it is not there, FormatError (naming the file and what is wrong)
/// if it is damaged or foreign or fails its self test, ValueError for a class that is not known (naming it, its config
/// and how to make it known).
///
///     models::load_model("m.h5", {.custom_objects = {{"Scale", saving::custom<Scale>()}, {"dice", dice_loss}}});
Model load_model(const io::Path& path, LoadConfig config = {});

/// A model of the same layers with fresh weights, not compiled. Keras: `clone_model`. Throws ValueError for a class of
/// one's own that is not registered.
Model clone_model(const Model& model);

/// The model that `to_json` of Cornu, Keras 3 or Keras 2 described, with fresh weights, not compiled. Throws
/// FormatError for what is no such JSON, ValueError for a class that is not known.
Model model_from_json(std::string_view json, const saving::CustomObjects& custom_objects = {});

}  // namespace models
}  // namespace cornu::keras
