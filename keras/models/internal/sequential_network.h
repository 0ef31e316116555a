#pragma once

#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

/// Layers in a row.
class CORNU_EXPORT SequentialNetwork final : public Network {
 public:
  /// Without a name it is called "sequential", unless a model in which it is a layer has such a one already.
  explicit SequentialNetwork(std::string name = "");
  void build_all(const layers::Shapes& inputs) override;
  DType input_dtype(DType data) const override;
  std::vector<Shared<layers::Layer>> layers() const override { return layers_; }
  Form form() const override { return Form::row; }
  void fields(ConfigVisitor& v) override;

  void add(Shared<layers::Layer> layer);
  Shared<layers::Layer> pop();
  /// The shape that an InputLayer or the first layer's `input_shape` asks for, with the batch axis; unset if none does.
  const Shape& declared_input() const { return declared_input_; }
  /// The InputLayer, if there is one: it is no element of `layers()`.
  const Shared<layers::Layer>& input_layer() const { return input_layer_; }

 protected:
  void forget() override { forget_wiring(); }
  DType dtype_of_input(std::size_t, DType data) const override { return input_dtype(data); }

 private:
  static Shape declared_by(const layers::Layer& layer);
  void append(Wiring& wiring, layers::Layer& layer);
  void wire_up(const Shape& input);
  std::vector<Arg<layers::Layer>> listed(ConfigVisitor::Purpose purpose) const;

  std::vector<Shared<layers::Layer>> layers_;
  Shared<layers::Layer> input_layer_;
  Shape declared_input_ = Shape::unset();
};

}  // namespace cornu::keras::models
