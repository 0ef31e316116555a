#pragma once

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// The arguments of Keras' Input, in its order.
struct InputConfig {
  Shape shape = Shape::unset();  ///< of one sample; kUnknown for lengths that vary
  std::optional<int> batch_size = std::nullopt;
  std::string dtype = "float32";  ///< of the data: any dtype's name; "string": texts, which come as Strings
  bool sparse = false;
  bool ragged = false;
  Shape batch_shape = Shape::unset();  ///< with the batch axis, instead of `shape` and `batch_size`
  std::string name = "";
  bool optional = false;
  void fields(ConfigVisitor& v);
};

/// What a model takes. Throws ValueError without a shape, with both shapes, or if sparse or ragged is asked for;
/// ShapeError for data of another shape. Keras: `layers.InputLayer`.
class CORNU_EXPORT InputLayer final : public Layer {
 public:
  InputLayer(InputConfig config = {});  // NOLINT: from a config
  Tensor call(const Tensor& x, Context& ctx) override;
  Specs compute_output_specs(const Specs& inputs) override;
  void fields(ConfigVisitor& v) override;

  /// With the batch axis in front, kUnknown unless `batch_size` was given; of texts with the axis of their bytes
  /// behind.
  const Shape& batch_shape() const { return config_.batch_shape; }
  DType dtype() const;

 private:
  InputLayer(InputConfig completed, std::nullptr_t);
  void check(const Shape& input) const;
  InputConfig config_;
};

/// Where a graph of layers begins: a symbolic tensor, and the layer that gives it. `auto x = Input({.shape = {784}});`,
/// or `model.add(Input({.shape = {784}}))`. Keras: `Input`.
class CORNU_EXPORT Input : public Handle<InputLayer, InputConfig> {
 public:
  Input(InputConfig config = {});                          // NOLINT: from a config
  operator const KerasTensor&() const { return tensor_; }  // NOLINT: is a tensor
  const Shape& shape() const { return tensor_.shape(); }

 private:
  KerasTensor tensor_;
};

}  // namespace cornu::keras::layers
