#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cornu/keras/callbacks/history.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/optimizers/optimizer.h"

namespace cornu::keras {

/// `compile`'s arguments, in Keras' order. `threads` limits the model's computations (0: to what `set_threads` said,
/// else to what OpenMP gives).
struct CompileConfig {
  Arg<optimizers::Optimizer> optimizer = "rmsprop";
  Arg<losses::Loss> loss = nullptr;
  std::optional<double> loss_weights = std::nullopt;
  std::vector<Arg<metrics::Metric>> metrics = {};
  std::vector<Arg<metrics::Metric>> weighted_metrics = {};
  int threads = 0;
};

/// Data to validate with after each epoch: `.validation_data = {x_val, y_val}`, or with sample weights as the third.
struct ValidationData {
  std::optional<Array> x = std::nullopt;
  std::optional<Array> y = std::nullopt;
  std::optional<Array> sample_weight = std::nullopt;
};

struct FitConfig {
  std::optional<int> batch_size =
      std::nullopt;  ///< 32; with steps_per_epoch alone, what makes so many batches of the data
  int epochs = 1;
  int verbose = 1;  ///< 0 silent, 1 a progress bar, 2 one line per epoch
  std::vector<Shared<callbacks::Callback>> callbacks = {};
  double validation_split = 0;
  ValidationData validation_data = {};
  bool shuffle = true;
  std::map<int, double> class_weight = {};
  std::optional<Array> sample_weight = std::nullopt;
  int initial_epoch = 0;
  std::optional<int> steps_per_epoch =
      std::nullopt;  ///< the next epoch goes on where one ended; it ends where the data does
  std::optional<int> validation_steps = std::nullopt;       ///< all batches
  std::optional<int> validation_batch_size = std::nullopt;  ///< batch_size
  int validation_freq = 1;                                  ///< validates after every so many epochs
};

struct EvaluateConfig {
  std::optional<int> batch_size = std::nullopt;  ///< 32
  int verbose = 1;
  std::optional<Array> sample_weight = std::nullopt;
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
  std::optional<Array> sample_weight = std::nullopt;
  std::map<int, double> class_weight = {};
};

struct SaveConfig {
  bool overwrite = true;
  bool include_optimizer = true;
};

namespace models {

class Training;
class Network;  // the shared state: layers and their wiring, the compiled training, in keras/models/network.h

/// A model. A handle: copies are the same model, as in Python. Made as a Sequential or by `load_model`.
///
/// `fit`, `evaluate` and `compile` change the model and must not run at the same time on it; `predict` may be called by
/// many threads.
class CORNU_EXPORT Model {
 public:
  explicit Model(std::shared_ptr<Network> network);

  /// Throws ValueError for unknown names (when the config is written down) and for arguments that contradict each
  /// other.
  void compile(CompileConfig config);

  /// Trains. x: (samples, …); y: (samples, …). Throws ValueError before `compile`, for empty data, a batch size below
  /// 1, different numbers of samples; ShapeError for a shape that does not fit the first layer. On Ctrl-C it ends after
  /// the batch and returns.
  History fit(const Array& x, const Array& y, FitConfig config = {});
  /// Loss and metrics, by name: `scores["accuracy"]`.
  Logs evaluate(const Array& x, const Array& y, EvaluateConfig config = {});
  /// (samples, …) for any number of samples.
  Array predict(const Array& x, PredictConfig config = {}) const;
  /// One step on these samples, and its figures, which start from zero as in Keras 3.
  Logs train_on_batch(const Array& x, const Array& y, BatchConfig config = {});
  Logs test_on_batch(const Array& x, const Array& y, BatchConfig config = {});
  Array predict_on_batch(const Array& x) const;
  void reset_metrics();

  /// Builds for an input shape with the batch axis in front: `build({kUnknown, 784})`. Throws ValueError if it is built
  /// for another one.
  void build(const Shape& input_shape);
  /// Limits the computations of this model to so many threads (0: as many as OpenMP gives). Bits depend on the number.
  void set_threads(int threads);
  bool built() const;
  bool compiled() const;

  /// The table of layers in the introduction's form, 65 columns. Throws ValueError if the model is not built.
  void summary() const;
  void summary(std::ostream& out) const;
  void summary(const std::function<void(const std::string&)>& print_line) const;

  /// Everything to an HDF5 file of Keras 2's form: layers, weights, how it is compiled, the optimizer's state. The file
  /// is replaced as a whole or not at all. Throws IoError (full disk, no folder), ValueError for what such a file
  /// cannot hold (naming the layer).
  void save(const std::filesystem::path& path, SaveConfig config = {}) const;
  void save_weights(const std::filesystem::path& path, SaveConfig config = {}) const;
  /// The layers as JSON in Keras 3's form, for `model_from_json`: without weights, and without how it is compiled.
  std::string to_json() const;
  /// Weights by layer order from a file of `save` or `save_weights`, or of Keras 2 or 3 (a whole model as .h5, or Keras
  /// 2's weights; not Keras 3's .weights.h5). Throws as `load_model`, ValueError before the model is built; then
  /// nothing is changed.
  void load_weights(const std::filesystem::path& path);

  std::string name() const;
  /// The layers, without the InputLayer of a Sequential, as Keras' `model.layers`.
  std::vector<Shared<layers::Layer>> layers() const;
  Shared<layers::Layer> get_layer(std::string_view name) const;
  Shared<layers::Layer> get_layer(int index) const;
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

  /// A model is a layer, too: `outer.add(inner)`. (`Sequential outer({inner})` copies the handle, as C++ reads it.)
  operator Shared<layers::Layer>() const;  // NOLINT: is a layer
  /// The shared state, which that layer is.
  const std::shared_ptr<Network>& network() const { return network_; }

 protected:
  std::shared_ptr<Network> network_;

 private:
  Training& training() const;  // throws before compile
};

struct LoadConfig {
  bool compile = true;
  bool isolated = false;  ///< reads the file in a child process first: for files that one does not trust
};

/// Reads a model from a .h5 file of Keras 2, Keras 3 or Cornu. Throws IoError if it is not there, FormatError (naming
/// the file and what is wrong) if it is damaged or foreign, ValueError for a class that is not known.
Model load_model(const std::filesystem::path& path, LoadConfig config = {});

/// The model that `to_json` of Cornu, Keras 3 or Keras 2 described, with fresh weights, not compiled. Throws
/// FormatError for what is no such JSON, ValueError for a class that is not known.
Model model_from_json(std::string_view json);

}  // namespace models
}  // namespace cornu::keras
