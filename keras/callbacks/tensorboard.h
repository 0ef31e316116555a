#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/hidden.h"
#include "cornu/io/path.h"
#include "cornu/io/tensorboard/summary_writer.h"
#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/callbacks/frequency.h"

namespace cornu::keras::callbacks {

/// Batches that are profiled, counted from 1 over all epochs: `2`, or `{10, 20}`, both included. 0: none.
struct BatchRange {
  int first = 0, last = 0;
  BatchRange(int batch = 0) : first(batch), last(batch) {}  // NOLINT: a number
  BatchRange(int first, int last) : first(first), last(last) {}
};

/// Files with a line for each row of an Embedding layer's matrix: one for all, or by the layers' names, `{{"words",
/// "words.tsv"}}`.
struct CORNU_EXPORT EmbeddingsMetadata {
  std::string for_all;
  std::map<std::string, std::string> by_layer;
  EmbeddingsMetadata();
  EmbeddingsMetadata(const char* file);  // NOLINT: a file's name
  EmbeddingsMetadata(std::string file);  // NOLINT: a file's name
  EmbeddingsMetadata(std::initializer_list<std::pair<const std::string, std::string>> files);
};

/// The arguments of Keras' TensorBoard, then Cornu's own.
struct TensorBoardConfig {
  io::Path log_dir = "logs";
  int histogram_freq = 0;     ///< histograms of weights, activations and gradients after every so many epochs; 0: none
  bool write_graph = true;    ///< the model's layers, and the training step's computation with the times of one step
  bool write_images = false;  ///< with the histograms, also the weights as images
  bool write_steps_per_second = false;
  Frequency update_freq = "epoch";              ///< "batch" or a number of batches: figures within the epoch, too
  BatchRange profile_batch = 0;                 ///< more steps whose times are written
  int embeddings_freq = 0;                      ///< points for the Projector after every so many epochs; 0: none
  EmbeddingsMetadata embeddings_metadata = {};  ///< of Embedding layers
  std::vector<std::string> embeddings_layers =
      {};                         ///< whose activations become points, too; empty: the last hidden layer's
  int embeddings_samples = 1000;  ///< of so many rows of the validation data at most
  int feature_map_samples = 0;    ///< with the histograms, what convolution layers make of so many of the images
};

/// What the handle `TensorBoard` makes.
class CORNU_EXPORT TensorBoardCallback : public Callback {
 public:
  /// Throws ValueError for arguments out of range.
  explicit TensorBoardCallback(TensorBoardConfig config);
  ~TensorBoardCallback() override;
  TensorBoardCallback(TensorBoardCallback&&) noexcept;
  TensorBoardCallback& operator=(TensorBoardCallback&&) noexcept;

  void on_train_begin(const Logs& logs) override;
  void on_train_batch_begin(int batch, const Logs& logs) override;
  void on_train_batch_end(int batch, const Logs& logs) override;
  void on_epoch_begin(int epoch, const Logs& logs) override;
  void on_epoch_end(int epoch, const Logs& logs) override;
  void on_test_end(const Logs& logs) override;
  void on_train_end(const Logs& logs) override;
  void state(StateVisitor& v) override;

  /// Where the callback writes, for values of one's own beside its own: made when they are asked for, new ones for each
  /// fit. Throws IoError if the folder or file cannot be made.
  io::tensorboard::SummaryWriter& train_writer();
  io::tensorboard::SummaryWriter& validation_writer();

 private:
  struct Fit;
  std::string train_folder() const;
  bool due(int freq, int epoch) const { return freq > 0 && epoch % freq == 0; }
  void write_conceptual_graph();
  void write_graph();
  void write_epoch_figures(std::int64_t step, const Logs& logs);
  void write_histograms(std::int64_t step);
  void write_weights(std::int64_t step);
  data::Columns observed_batch() const;
  void close();

  TensorBoardConfig config_;
  int every_ = 0;  // batches; 0: no figures within epochs
  std::optional<io::tensorboard::SummaryWriter> train_, validation_;
  graph::Hidden<Fit> fit_;  // while one runs
};

/// Writes what TensorBoard shows of a training: `tensorboard --logdir logs`.
///
///     callbacks::TensorBoard({.log_dir = "logs", .histogram_freq = 1, .embeddings_freq = 1})
///
/// In the runs `train` and `validation` below `log_dir`, with the tags of Keras 3: figures of each epoch (`epoch_loss`,
/// `epoch_learning_rate`), and with `update_freq` of batches (`batch_loss`); of evaluations by the number of training
/// steps (`evaluation_loss_vs_iterations`); the graph of the layers and that of the training step as it is executed;
/// histograms of weights (`sequential/dense/kernel/histogram`), of activations
/// (`sequential/dense/activation/histogram`) and of gradients
/// (`sequential/dense/kernel/gradient/histogram`), both for the first validation batch, without validation data for the
/// last training batch; images of the weights (`sequential/conv2d/kernel/image`: all kernels of a layer in one), and of
/// what convolution layers make of some images of that batch (`sequential/conv2d/activation/image`: all channels in
/// one, each from its least value, black, to its greatest); points for the Projector: the matrices of Embedding layers,
/// and the activations of layers for rows of the validation data, with their labels and, if the model's input are
/// images, the images.
///
/// Steps go on where the callback, or another one of this process in the same folder, ended in an earlier `fit`. If the
/// disk is full or the folder is removed, there is a warning and the training goes on. Throws ValueError when training
/// begins for a layer in `embeddings_layers` or `embeddings_metadata` that is not there, IoError if the folder cannot
/// be made.
class CORNU_EXPORT TensorBoard : public Handle<TensorBoardCallback, TensorBoardConfig> {
 public:
  TensorBoard(TensorBoardConfig config = {});  // NOLINT: from a config
  template <class T>
  requires std::is_convertible_v<const T&, io::Path>
  explicit TensorBoard(const T& log_dir) : TensorBoard(TensorBoardConfig{.log_dir = log_dir}) {}
};

}  // namespace cornu::keras::callbacks
