#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::models {

class Training;

/// What a Model is a handle on: layers with their wiring, and how they are trained. It is a layer itself, so models nest.
/// Sequential's kind is SequentialNetwork; another kind of wiring derives from it and gives `layers`, `call` and `build`.
class CORNU_EXPORT Network : public layers::Layer {
 public:
  explicit Network(std::string name);
  ~Network() override;

  /// Without the InputLayer of a Sequential.
  virtual std::vector<Shared<layers::Layer>> layers() const = 0;
  std::vector<layers::Weight> weight_list() const override;
  void set_trainable(bool trainable) override;
  /// Those of the layers that are trainable, unless the network as a whole is not.
  std::vector<Variable> trainable_weights() const override;

  /// The optimizer, loss and metrics of `compile`; null before.
  const std::shared_ptr<Training>& training() const { return training_; }
  void set_training(std::shared_ptr<Training> training) { training_ = std::move(training); }

  /// Inference, compiled per shape; many threads may call it.
  const graph::Function& predictor() const { return predictor_; }
  void set_threads(int threads);
  int threads() const { return threads_; }

  /// Throws ShapeError naming the layer that reads the input, unless data of that shape fits; builds the network if it is not.
  void accept(const Shape& data);

  bool stop_training = false;

 private:
  std::shared_ptr<Training> training_;
  graph::Function predictor_;
  int threads_ = 0;
};

/// Layers in a row.
class CORNU_EXPORT SequentialNetwork final : public Network {
 public:
  explicit SequentialNetwork(std::string name) : Network(std::move(name)) {}
  std::string class_name() const override { return "Sequential"; }
  void build(const Shape& input) override;
  Tensor call(const Tensor& x, Context& ctx) override;
  Shape compute_output_shape(const Shape& input) override;
  std::vector<Shared<layers::Layer>> layers() const override { return layers_; }

  void add(Shared<layers::Layer> layer);
  void pop();
  /// The shape that an InputLayer or the first layer's `input_shape` asks for, with the batch axis; unset if none does.
  const Shape& declared_input() const { return declared_input_; }
  /// The InputLayer, if there is one: it is no element of `layers()`.
  const Shared<layers::Layer>& input_layer() const { return input_layer_; }

 private:
  std::vector<Shared<layers::Layer>> layers_;
  Shared<layers::Layer> input_layer_;
  Shape declared_input_ = Shape::unset();
};

}  // namespace cornu::keras::models
