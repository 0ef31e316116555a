#include "cornu/keras/layers/core/input_layer.h"

#include "cornu/graph/check.h"

namespace cornu::keras::layers {

using graph::require;

// The shape is in a file as one, with the batch axis.
void InputConfig::fields(ConfigVisitor& v) {
  v("batch_shape", batch_shape, {.keras2_name = "batch_input_shape"});
  v("dtype", dtype);
  v("sparse", sparse);
  v("ragged", ragged);
  v("name", name);
  v("optional", optional, {.since_keras3 = true});
}

namespace {

// Texts are arrays of bytes with one more axis (cornu/keras/data/strings.h), which files do not say.
constexpr const char* kTexts = "string";

// Both shapes and the batch size set, from whichever of them were given.
InputConfig complete(InputConfig c) {
  require<ValueError>(c.shape.is_set() || c.batch_shape.is_set(), "[InputLayer] expected a shape");
  require<ValueError>(!c.batch_shape.is_set() || (!c.shape.is_set() && !c.batch_size),
                      "[InputLayer] expected either shape or batch_shape, got both");
  require<ValueError>(!c.sparse && !c.ragged, "[InputLayer] sparse and ragged inputs are not supported");
  if (c.dtype.empty()) c.dtype = "float32";
  if (c.dtype != kTexts) graph::dtype_from_name(c.dtype);
  if (c.batch_shape.is_set()) {
    require<ValueError>(c.batch_shape.rank() >= 1,
                        "[InputLayer] expected batch_shape to begin with the batch axis, got ", c.batch_shape);
    c.shape = c.batch_shape.drop_front();
    if (c.batch_shape.front() != kUnknown) c.batch_size = static_cast<int>(c.batch_shape.front());
  } else {
    c.batch_shape = c.shape.prepend(c.batch_size ? *c.batch_size : kUnknown);
  }
  for (const std::int64_t length : c.batch_shape)
    require<ValueError>(length == kUnknown || length >= 0, "[InputLayer] expected lengths of at least 0, got ",
                        c.batch_shape);
  if (c.dtype == kTexts) c.batch_shape = c.batch_shape.append(kUnknown);
  return c;
}

}  // namespace

InputLayer::InputLayer(InputConfig config) : InputLayer(complete(std::move(config)), nullptr) {}

InputLayer::InputLayer(InputConfig config, std::nullptr_t)
    : Layer({.name = config.name, .input_shape = config.shape, .batch_size = config.batch_size}),
      config_(std::move(config)) {
  set_autocast(false);
}

void InputLayer::fields(ConfigVisitor& v) {
  InputConfig config = config_;
  config.name = name();
  if (config.dtype == kTexts) config.batch_shape = config.batch_shape.drop_back();
  config.fields(v);
}

DType InputLayer::dtype() const {
  return config_.dtype == kTexts ? graph::uint8 : graph::dtype_from_name(config_.dtype);
}

void InputLayer::check(const Shape& input) const {
  const Shape& expected = config_.batch_shape;
  bool fits = input.rank() == expected.rank();
  for (int axis = 0; fits && axis < input.rank(); ++axis)
    fits = input[axis] == expected[axis] || input[axis] == kUnknown || expected[axis] == kUnknown;
  require<ShapeError>(fits, who(), "expected input shape ", expected, ", got ", input);
}

Tensor InputLayer::call(const Tensor& x, Context&) {
  check(x.shape());
  return x;
}

Specs InputLayer::compute_output_specs(const Specs& inputs) {
  check(inputs.front().shape);
  return inputs;
}

Input::Input(InputConfig config) : Handle(std::move(config)) {
  const InputLayer& layer = **this;
  tensor_ = use_input(*this, {layer.dtype(), layer.batch_shape()});
}

namespace {

const bool input_layer_registered = registry().add<InputLayer, InputConfig>("InputLayer");

}  // namespace
}  // namespace cornu::keras::layers
