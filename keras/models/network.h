#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::models {

class Training;

/// What a Model is a handle on: layers with their wiring, and how they are trained. It is a layer itself, so models
/// nest. Sequential's kind is SequentialNetwork; another kind of wiring derives from it and gives `layers`, `call` and
/// `build`.
class CORNU_EXPORT Network : public layers::Layer {
 public:
  explicit Network(std::string name);
  ~Network() override;

  /// Without the InputLayer of a Sequential.
  virtual std::vector<Shared<layers::Layer>> layers() const = 0;
  std::vector<layers::Weight> weight_list() const override;
  void set_trainable(bool trainable) override;
  void unbuild() override;
  /// None: the layers have handed theirs on.
  Tensor compute_mask(const Tensor&, const Tensor&) const override { return {}; }
  /// Those of the layers that are trainable, unless the network as a whole is not.
  std::vector<Variable> trainable_weights() const override;

  /// The optimizer, loss and metrics of `compile`; null before.
  const std::shared_ptr<Training>& training() const { return training_; }
  void set_training(std::shared_ptr<Training> training) { training_ = std::move(training); }

  /// Inference, compiled per shape; many threads may call it.
  const graph::Function& predictor() const { return predictor_; }
  /// A limit for this network's computations (0: none), which are compiled anew.
  void set_threads(int threads);
  int threads() const { return threads_; }

  /// Throws ShapeError naming the layer that reads the input, unless data of that shape fits, and ValueError for values
  /// that this layer cannot take; builds the network if it is not. Many threads may call it; there is no lock once the
  /// network is built.
  void accept(const Array& data);

  bool stop_training = false;

 protected:
  /// To be called when layers were added or taken away: what was compiled for the old ones is forgotten.
  void rewired();

 private:
  void accept_shape(const Shape& data);
  std::shared_ptr<Training> training_;
  graph::Function predictor_;
  int threads_ = 0;
  std::mutex building_;
  std::atomic<bool> ready_{false};  // built, which needs no lock to be seen
};

/// Layers in a row.
class CORNU_EXPORT SequentialNetwork final : public Network {
 public:
  /// Without a name it is called "sequential", unless a model in which it is a layer has such a one already.
  explicit SequentialNetwork(std::string name);
  std::string class_name() const override { return "Sequential"; }
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, Context& ctx) override;
  Shape compute_output_shape(const Shape& input) override;
  DType input_dtype(DType data) const override;
  void check_data(const Array& x) const override;
  std::vector<Shared<layers::Layer>> layers() const override { return layers_; }

  void add(Shared<layers::Layer> layer);
  Shared<layers::Layer> pop();
  /// The shape that an InputLayer or the first layer's `input_shape` asks for, with the batch axis; unset if none does.
  const Shape& declared_input() const { return declared_input_; }
  /// The InputLayer, if there is one: it is no element of `layers()`.
  const Shared<layers::Layer>& input_layer() const { return input_layer_; }

 private:
  std::string name_for(const layers::Layer& layer) const;

  std::vector<Shared<layers::Layer>> layers_;
  Shared<layers::Layer> input_layer_;
  Shape declared_input_ = Shape::unset();
  bool is_layer_ = false;  // of another model
};

}  // namespace cornu::keras::models
