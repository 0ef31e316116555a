// Models are layers: samples for the sweeps over layers.
#include <gtest/gtest.h>

#include "cornu/keras/layers/core/activation.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/core/masking.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::models {
namespace {

const std::string kRow =
    R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": "i"}},
       {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "tanh"}},
       {"class_name": "Dense", "config": {"name": "e", "units": 2}})";

// Two inputs, a layer used twice, an operation, two outputs.
std::string place(const std::string& layer, int node = 0, const std::string& shape = "[null, 4, 3]") {
  return R"({"class_name": "__keras_tensor__", "config": {"shape": )" + shape +
         R"(, "dtype": "float32", "keras_history": [")" + layer + "\", " + std::to_string(node) + ", 0]}}";
}
std::string node(const std::string& args) { return R"({"args": [)" + args + R"(], "kwargs": {}})"; }
const std::string kGraph =
    R"({"class_name": "InputLayer", "name": "a", "inbound_nodes": [],
        "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": "a"}},
       {"class_name": "InputLayer", "name": "b", "inbound_nodes": [],
        "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": "b"}},
       {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 3, "activation": "tanh"},
        "inbound_nodes": [)" +
    node(place("a", 0, "[null, 4, 2]")) + ", " + node(place("b", 0, "[null, 4, 2]")) + R"(]},
       {"class_name": "Add", "name": "s", "config": {"name": "s"},
        "inbound_nodes": [)" +
    node("[" + place("d") + ", " + place("d", 1) + "]") + R"(]},
       {"module": "keras.src.ops.numpy", "class_name": "Multiply", "name": "m", "config": {"name": "m"},
        "inbound_nodes": [)" +
    node(place("s") + ", 0.5") +
    R"(]}], "input_layers": [["a", 0, 0], ["b", 0, 0]], "output_layers": [["m", 0, 0], ["d", 1, 0]])";

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Sequential",  // Keras 2 has no argument `trainable` for it
       .config = R"({"name": "n", "trainable": true, "dtype": "float32", "layers": [)" + kRow + "]}",
       .example = {.inputs = {tests::some({3, 4, 2})}, .config = R"({"name": "n", "layers": [)" + kRow + "]}"}},
      {.kind = "layer",
       .class_name = "Functional",
       .config = R"({"name": "n", "trainable": false, "layers": [)" + kGraph + "}",
       .example = {.inputs = {tests::some({3, 4, 2}), tests::some({3, 4, 2}, 2)},
                   .config = R"({"name": "n", "trainable": true, "layers": [)" + kGraph + "}",
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

TEST(ModelsAsLayersTest, AFrozenRowOfLayersStaysFrozen) {
  const auto layer = saving::deserialize(
      layers::registry(),
      R"({"class_name": "Sequential", "config": {"name": "n", "trainable": false, "layers": [)" + kRow + "]}}");
  EXPECT_FALSE(layer->trainable());
  EXPECT_TRUE(layer->trainable_weights().empty());
  EXPECT_EQ(layer->weights().size(), 4u);
  const auto again = saving::deserialize(layers::registry(), saving::serialize(*layer, saving::KerasVersion::keras3));
  EXPECT_FALSE(again->trainable());
}

TEST(ModelsAsLayersTest, ALayerThatEndsAMaskLeavesItToOthers) {
  // A Reshape that changes nothing gives the tensor itself.
  const layers::Input x({.shape = {4, 2}});
  const KerasTensor masked = layers::Masking()(x), ended = layers::Reshape({4, 2})(masked),
                    kept = layers::Activation("tanh")(masked);
  const Array data{{{0.f, 0.f}, {1.f, 0.f}, {2.f, 3.f}, {0.f, 0.f}}}, mask{{false, true, true, false}};
  const auto mask_of = [&](const KerasTensors& outputs) {
    return tests::call_layer(Shared<layers::Layer>(Model(x, outputs)), {data}).mask;
  };
  EXPECT_FALSE(mask_of(ended));
  EXPECT_TRUE(array_equal(*mask_of({kept, ended}), mask));
  EXPECT_TRUE(array_equal(*mask_of(layers::add({kept, masked})), mask));
}

}  // namespace
}  // namespace cornu::keras::models
