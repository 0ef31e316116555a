#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/graph/hidden.h"
#include "cornu/keras/data/arrays.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/models/step.h"
#include "cornu/keras/models/wiring.h"

namespace cornu::keras::models {

class Training;

/// What a Model is a handle on: a layer made of layers that can be trained. Its layers are wired up as a row
/// (SequentialNetwork) or as a graph (FunctionalNetwork), or it is a class of one's own that calls them itself, and may
/// say what a training step is:
///
///     struct Autoencoder : models::Network {
///       Shared<layers::Layer> encode = add_layer(layers::Dense(32, {.activation = "relu"}), "encode");
///       Shared<layers::Layer> decode = add_layer(layers::Dense(784), "decode");
///       Tensor call(const Tensor& x, Context& ctx) override { return decode(encode(x, ctx), ctx); }
///     };
///     models::Model model(share(Autoencoder()));
///     model.compile({.optimizer = "adam", .loss = "mse"});
///
/// It is a layer itself, so models nest.
class CORNU_EXPORT Network : public layers::Layer {
 public:
  explicit Network(std::string name = "");
  ~Network() override;
  Network(Network&&) noexcept;

  /// The wiring; empty for a class of one's own, and for a row of layers that is not built.
  const Wiring& wiring() const { return wiring_; }
  /// The layers in Keras' order, without the InputLayer of a Sequential.
  virtual std::vector<Shared<layers::Layer>> layers() const;
  /// The names of inputs and outputs by which data may be given: those of the wiring, else "input_1", "output_1", ….
  virtual std::vector<std::string> input_names() const;
  virtual std::vector<std::string> output_names() const;

  /// How files describe the layers: in a row, as a graph, or not at all.
  enum class Form { row, graph, own };
  virtual Form form() const { return Form::own; }

  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Specs compute_output_specs(const Specs& inputs) override;
  /// None: the layers have handed theirs on.
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }
  void check_data(const Array& x) const override;

  /// One step of training: by default the loss of what the model makes of the batch is minimised, and the metrics are
  /// updated. One's own may use several losses and optimizers (see Step).
  virtual void train_step(const Batch& batch, Step& step);
  /// The same without training.
  virtual void test_step(const Batch& batch, Step& step);
  /// What `predict` gives: by default the outputs.
  virtual Tensors predict_step(const Inputs& x, Context& ctx);

  /// The optimizer, loss and metrics of `compile`; null before.
  const std::shared_ptr<Training>& training() const { return training_; }
  void set_training(std::shared_ptr<Training> training) { training_ = std::move(training); }

  /// Inference, compiled per shape; many threads may call it.
  const graph::Function& predictor() const { return predictor_; }
  /// A limit for this network's computations (0: none), and how many signatures keep their plans; they are compiled
  /// anew.
  void set_threads(int threads);
  int threads() const { return threads_; }
  void set_cached_plans(int plans);
  int cached_plans() const { return cached_plans_; }

  /// The arrays in the order of the inputs, with Keras' rule for a last axis of length 1 (put in or taken away where
  /// the rank differs by it). Throws ShapeError naming the layer that reads the input, unless they fit, and ValueError
  /// for values that this layer cannot take; builds the network if it is not. Many threads may call it; there is no
  /// lock once the network is built.
  std::vector<Array> accept(Arrays data);
  /// The same for one array.
  Array accept_one(const Array& data);
  DType input_dtype(DType data) const override;

  std::atomic<bool> stop_training{false};

 protected:
  void set_wiring(Wiring wiring);
  void forget_wiring() { wiring_ = {}; }
  /// To be called when layers were added or taken away: what was compiled for the old ones is forgotten.
  void rewired();
  /// An input of a row without an InputLayer takes data of any dtype in the one that its first layer says.
  virtual DType dtype_of_input(std::size_t input, DType data) const;

 private:
  void compile_predictor();
  void build_for(const std::vector<Array>& data);
  Array fitted(Array data, std::size_t input) const;
  const layers::Layer& reader_of(std::size_t input) const;
  Wiring wiring_;
  std::shared_ptr<Training> training_;
  graph::Function predictor_;
  int threads_ = 0, cached_plans_ = graph::FunctionConfig().cached_plans;
  struct Building;  // the lock under which data first builds the network
  graph::Hidden<Building> building_;
  std::atomic<bool> ready_{false};  // built, which needs no lock to be seen
};

}  // namespace cornu::keras::models
