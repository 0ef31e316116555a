// What files of public repositories hold and ours do not.
#include <gmock/gmock.h>

#include "cornu/io/hdf5/reader.h"
#include "cornu/keras/layers/convolutional/depthwise_conv.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/saving/old_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using testing::HasSubstr;
using tests::NamedArrays;

const Array kKernel{{1.f}, {2.f}}, kBias{10.f};

std::string dense(const std::string& more) {
  return R"({"class_name": "Dense", "config": {"name": "d", "units": 1)" + more + "}}";
}

float predicted(const std::filesystem::path& path) {
  return models::load_model(path, {.compile = false}).predict(Array{{1.f, 1.f}}).item<float>();
}

// A row of layers as a list alone (before Keras 2.2.3) or with a name, its input as a layer or in the first one.
TEST(RealFilesTest, FormsOfASequential) {
  const tests::OldFile file;
  const std::string
      input =
          R"({"class_name": "InputLayer", "config": {"name": "i", "batch_input_shape": [null, 2], "dtype": "float32", "sparse": false}}, )",
      input3 =
          R"({"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [1, 2], "dtype": "float32", "sparse": false, "ragged": false}}, )",
      with_shape = dense(R"(, "batch_input_shape": [null, 2], "dtype": "float32")");
  for (const std::string& layers : {with_shape, input + dense(""), input3 + dense("")})
    for (const bool list : {true, false}) {
      SCOPED_TRACE(layers + (list ? " as a list" : ""));
      const std::string config = list ? "[" + layers + "]" : R"({"name": "s", "layers": [)" + layers + "]}";
      const auto path = file.write(R"({"class_name": "Sequential", "config": )" + config + "}",
                                   {{"d", {{"d/kernel:0", kKernel}, {"d/bias:0", kBias}}}});
      EXPECT_EQ(predicted(path), 13);
    }
}

std::string row_of(const std::string& layers) {
  return R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)" + layers + "]}}";
}

// `weight_names` says where weights lie and in which order; neither the group nor the alphabet does. Keras 3 leaves
// ":0" out.
TEST(RealFilesTest, NamesOfWeights) {
  const tests::OldFile file;
  const std::string config = row_of(dense(R"(, "batch_input_shape": [null, 2])"));
  for (const NamedArrays& names : {NamedArrays{{"d/kernel:0", kKernel}, {"d/bias:0", kBias}},
                                   NamedArrays{{"d/bias:0", kBias}, {"d/kernel:0", kKernel}},
                                   NamedArrays{{"s/d/kernel", kKernel}, {"s/d/bias", kBias}},
                                   NamedArrays{{"training/z_7/weights_1:0", kKernel}, {"a:0", kBias}},
                                   NamedArrays{{"dense_31/kernel:0", kKernel}, {"dense_31/bias:0", kBias}}}) {
    SCOPED_TRACE(names[0].first);
    EXPECT_EQ(predicted(file.write(config, {{"d", names}})), 13);
  }
  EXPECT_EQ(predicted(file.write(config, {{"another", {{"x:0", kKernel}, {"y:0", kBias}}}})), 13) << "by order";
}

// Of a layer without weights there is an empty array of float64.
TEST(RealFilesTest, LayersWithoutWeights) {
  const tests::OldFile file;
  const auto path = file.write(
      row_of(R"({"class_name": "Flatten", "config": {"name": "f", "batch_input_shape": [null, 2]}}, )" + dense("")),
      {{"f", {}}, {"d", {{"d/kernel:0", kKernel}, {"d/bias:0", kBias}}}});
  const auto group = io::hdf5::File(path).root().group("model_weights/f");
  EXPECT_TRUE(group.texts("weight_names").empty());
  EXPECT_EQ(predicted(path), 13);
}

// Keras 2.8 and later has a group that is no layer.
TEST(RealFilesTest, WeightsOutsideOfAllLayers) {
  const tests::OldFile file;
  const std::string config = row_of(dense(R"(, "batch_input_shape": [null, 2])"));
  const auto path = file.write(config, {{"d", {{"d/kernel:0", kKernel}, {"d/bias:0", kBias}}}});
  EXPECT_EQ(predicted(path), 13);
  for (const bool empty : {true, false}) {
    io::hdf5::Writer out(path.parent_path() / "top.h5");
    out.root().text("keras_version", "2.15.0"), out.root().text("model_config", config);
    auto weights = out.root().group("model_weights");
    weights.texts("layer_names", {"d"});
    weights.group("d").texts("weight_names", {"d/kernel:0", "d/bias:0"});
    weights.group("d").dataset("d/kernel:0", kKernel), weights.group("d").dataset("d/bias:0", kBias);
    auto top = weights.group("top_level_model_weights");
    top.texts("weight_names", empty ? std::vector<std::string>{} : std::vector<std::string>{"scale:0"});
    if (!empty) top.dataset("scale:0", kBias);
    out.commit();
    if (empty)
      EXPECT_EQ(predicted(path.parent_path() / "top.h5"), 13);
    else
      EXPECT_THAT(tests::error_text<FormatError>([&] { predicted(path.parent_path() / "top.h5"); }),
                  HasSubstr("weights outside of all layers: expected 0 weights, the file holds 1"));
  }
}

// A graph's ends are a list of places, or of one a place; "Model" and "Functional" mean the same.
TEST(RealFilesTest, EndsOfAGraph) {
  const tests::OldFile file;
  for (const char* kind : {"Model", "Functional"})
    for (const auto& [in, out] : {std::pair{R"([["i", 0, 0]])", R"([["d", 0, 0]])"},
                                  {R"(["i", 0, 0])", R"(["d", 0, 0])"},
                                  {R"({"left": ["i", 0, 0]})", R"({"right": ["d", 0, 0]})"}})
      for (const char* node : {R"([[["i", 0, 0, {}]]])", R"([[["i", 0, 0]]])"}) {
        SCOPED_TRACE(std::string(kind) + in + node);
        const std::string config = R"({"class_name": ")" + std::string(kind) +
                                   R"(", "config": {"name": "m", "layers": [
          {"class_name": "InputLayer", "name": "i", "config": {"name": "i", "batch_input_shape": [null, 2], "dtype": "float32", "sparse": false}, "inbound_nodes": []},
          {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 1}, "inbound_nodes": )" +
                                   node + R"(}], "input_layers": )" + in + R"(, "output_layers": )" + out + "}}";
        EXPECT_EQ(predicted(file.write(config, {{"i", {}}, {"d", {{"d/kernel:0", kKernel}, {"d/bias:0", kBias}}}})),
                  13);
      }
}

Shared<layers::Layer> read_layer(const char* class_name, const std::string& config,
                                 saving::KerasVersion version = saving::KerasVersion::keras2) {
  return saving::deserialize(
      layers::registry(), R"({"class_name": ")" + std::string(class_name) + R"(", "config": )" + config + "}", version);
}

TEST(RealFilesTest, ArgumentsInSeveralForms) {
  for (const char* axis : {"3", "-1", "[3]", "[-1]"}) {
    const auto layer =
        read_layer("BatchNormalization", R"({"name": "b", "axis": )" + std::string(axis) +
                                             R"(, "momentum": 0.99, "epsilon": 0.001, "center": true, "scale": true})");
    layer->ensure_built({graph::kUnknown, 4, 4, 5});
    EXPECT_EQ(layer->weights()[0].shape(), (Shape{5})) << axis;
  }
  const auto depthwise = read_layer(
      "DepthwiseConv2D",
      R"({"name": "d", "kernel_size": [3, 3], "groups": 1, "depth_multiplier": 1, "depthwise_initializer": "ones"})");
  depthwise->ensure_built({graph::kUnknown, 8, 8, 2});
  EXPECT_EQ(depthwise->weights()[0].shape(), (Shape{3, 3, 2, 1}));
  for (
      const char* dtype :
      {R"("float32")", R"({"class_name": "Policy", "config": {"name": "float32"}})",
       R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null})",
       R"({"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": null, "shared_object_id": 7})"})
    EXPECT_EQ(read_layer("Dense", R"({"units": 1, "dtype": )" + std::string(dtype) + "}", saving::KerasVersion::keras3)
                  ->dtype_policy()
                  .name(),
              "float32");
}

// Steps in front of the batch.
TEST(RealFilesTest, TimeMajor) {
  const auto major = read_layer("LSTM", R"({"name": "l", "units": 2, "time_major": true, "return_sequences": true})");
  const Array x = tests::some({3, 5, 4});  // steps, samples, features
  const Array y = tests::call_layer(major, {x}).output();
  const auto usual = read_layer("LSTM", R"({"name": "l", "units": 2, "time_major": false, "return_sequences": true})");
  usual->ensure_built({5, 3, 4});
  usual->set_weights(major->get_weights());
  EXPECT_TRUE(
      allclose(tests::call_layer(usual, {x.transpose({1, 0, 2})}).output().transpose({1, 0, 2}), y, 1e-5, 1e-6));
}

// Classes that no Keras knows any longer, and code of Python.
TEST(RealFilesTest, WhatIsRefused) {
  const tests::OldFile file;
  const auto error_of = [&](const std::string& layer) {
    const auto path = file.write(row_of(layer), {{"d", {{"d/kernel:0", kKernel}}}});
    const std::string text = tests::error_text<Error>([&] { models::load_model(path); });
    EXPECT_THAT(text, HasSubstr(path.string()));
    return text;
  };
  for (const char* kind : {"MaxoutDense", "Highway", "SReLU", "TensorFlowOpLayer"}) {
    const std::string text =
        error_of(R"({"class_name": ")" + std::string(kind) + R"(", "config": {"name": "x", "nb_feature": 4}})");
    EXPECT_THAT(text, HasSubstr("unknown layer '" + std::string(kind) + "'"));
    EXPECT_THAT(text, HasSubstr("\"nb_feature\":4"));
    EXPECT_THAT(text, HasSubstr("custom_objects"));
  }
  EXPECT_THAT(error_of(R"({"class_name": "Lambda", "config": {"name": "l", "function": ["4wEAAAAAAAA=", null, null],
                          "function_type": "lambda", "output_shape": null, "output_shape_type": "raw", "arguments": {}}})"),
              HasSubstr("only Python can run"));
  EXPECT_THAT(
      tests::error_text<ValueError>([] {
        models::model_from_json(R"({"class_name": "Graph", "config": {"nodes": []}, "keras_version": "1.0.0"})");
      }),
      HasSubstr("'Graph'"));
}

}  // namespace
}  // namespace cornu::keras
