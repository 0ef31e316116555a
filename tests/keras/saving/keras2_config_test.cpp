// What Keras 2 and tf.keras called otherwise before 2.15.
#include "cornu/keras/saving/internal/keras2_config.h"

#include <gmock/gmock.h>

#include "cornu/graph/array/array_make.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/keras/layers/rnn/bidirectional.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/saving/old_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using saving::KerasVersion;
using saving::internal::from_older;
using saving::internal::Json;
using testing::HasSubstr;

struct Case {
  const char *class_name, *config, *now, *expected;
};

TEST(Keras2ConfigTest, ClassesAndArguments) {
  for (const Case& c :
       {Case{"BatchNormalizationV1", R"({"axis": [3]})", "BatchNormalization", R"({"axis": [3]})"},
        Case{"BatchNormalizationV2", R"({"axis": 1})", "BatchNormalization", R"({"axis": 1})"},
        Case{"SyncBatchNormalization", R"({"axis": [1]})", "BatchNormalization", R"({"axis": [1]})"},
        Case{"UnifiedLSTM", R"({"units": 3})", "LSTM", R"({"units": 3})"},
        Case{"UnifiedGRU", R"({"units": 3, "reset_after": true})", "GRU", R"({"units": 3, "reset_after": true})"},
        Case{"CuDNNLSTM", R"({"units": 3})", "LSTM", R"({"units": 3, "recurrent_activation": "sigmoid"})"},
        Case{"CuDNNGRU", R"({"units": 3})", "GRU",
             R"({"units": 3, "recurrent_activation": "sigmoid", "reset_after": true})"},
        Case{"Custom>ThresholdedReLU", R"({"theta": 0.5})", "ReLU", R"({"threshold": 0.5})"},
        Case{"LeakyReLU", R"({"alpha": {"type": "ndarray", "value": 0.25}})", "LeakyReLU", R"({"alpha": 0.25})"},
        Case{"Dense", R"({"units": 1, "dtype": "float64"})", "Dense", R"({"units": 1, "dtype": "float32"})"},
        Case{"Dense", R"({"dtype": {"class_name": "Policy", "config": {"name": "mixed_float16"}}})", "Dense",
             R"({"dtype": "float32"})"},
        Case{"Dense", R"({"dtype": "mixed_bfloat16"})", "Dense", R"({"dtype": "mixed_bfloat16"})"}}) {
    SCOPED_TRACE(c.config);
    const Json now =
        from_older(Json{{"class_name", c.class_name}, {"config", Json::parse(c.config)}}, KerasVersion::keras2);
    EXPECT_EQ(now["class_name"], c.now);
    EXPECT_EQ(nlohmann::json::parse(now["config"].dump()), nlohmann::json::parse(c.expected));
  }
  const Json as3 = {{"class_name", "CuDNNLSTM"}, {"config", {{"name", "a/b"}}}};
  EXPECT_EQ(from_older(as3, KerasVersion::keras3), as3) << "only of Keras 2";
}

TEST(Keras2ConfigTest, HalfPrecisionIsToldOnce) {
  testing::internal::CaptureStderr();
  from_older(Json::parse(R"([{"dtype": "mixed_float16"}, {"dtype": "mixed_float16"}])"), KerasVersion::keras3);
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_THAT(told, HasSubstr("dtype is mixed_float16, in which nothing is computed here: it is computed in float32"));
  EXPECT_EQ(told.find("float16"), told.rfind("float16"));
}

// Of Keras' MobileNetV3: names are places of a graph, of weights, and of nothing else.
TEST(Keras2ConfigTest, NamesWithASlash) {
  const tests::OldFile file;
  const std::string config =
      R"({"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "in", "config": {"name": "in", "batch_input_shape": [null, 2], "dtype": "float32"}, "inbound_nodes": []},
        {"class_name": "Dense", "name": "block/one", "config": {"name": "block/one", "units": 1, "use_bias": false}, "inbound_nodes": [[["in", 0, 0, {}]]]},
        {"class_name": "Dense", "name": "block/two", "config": {"name": "block/two", "units": 2, "use_bias": false}, "inbound_nodes": [[["block/one", 0, 0, {}]]]}],
        "input_layers": [["in", 0, 0]], "output_layers": [["block/two", 0, 0]]}})";
  const auto path = file.write(config, {{"in", {}},
                                        {"block/two", {{"block/two/kernel:0", Array{{1.f, 10.f}}}}},
                                        {"block/one", {{"block/one/kernel:0", Array{{2.f}, {3.f}}}}}});
  const auto model = models::load_model(path);
  EXPECT_TRUE(array_equal(model.predict(Array{{1.f, 1.f}}), Array{{5.f, 50.f}}));
  EXPECT_EQ(model.get_layer("block_one")->name(), "block_one");
}

// x[:, :2] beside x[:, -1:], as tf.concat, and turned twice.
TEST(Keras2ConfigTest, FunctionsOfTensorFlow) {
  const tests::OldFile file;
  const auto path = file.write(
      R"({"class_name": "Functional", "config": {"name": "m", "layers": [
        {"class_name": "InputLayer", "name": "x", "config": {"name": "x", "batch_input_shape": [null, 4], "dtype": "float32"}, "inbound_nodes": []},
        {"class_name": "SlicingOpLambda", "name": "a", "config": {"name": "a", "trainable": true, "dtype": "float32", "function": "__operators__.getitem"},
          "inbound_nodes": [["x", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": null}, {"start": null, "stop": 2, "step": null}]}]]},
        {"class_name": "SlicingOpLambda", "name": "b", "config": {"name": "b", "trainable": true, "dtype": "float32", "function": "__operators__.getitem"},
          "inbound_nodes": [["x", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": null}, {"start": -1, "stop": null, "step": null}]}]]},
        {"class_name": "TFOpLambda", "name": "c", "config": {"name": "c", "trainable": true, "dtype": "float32", "function": "concat"},
          "inbound_nodes": [[["a", 0, 0, {"axis": -1}], ["b", 0, 0, {"axis": -1}]]]},
        {"class_name": "TFOpLambda", "name": "d", "config": {"name": "d", "trainable": true, "dtype": "float32", "function": "expand_dims"},
          "inbound_nodes": [["c", 0, 0, {"axis": 1}]]},
        {"class_name": "TFOpLambda", "name": "e", "config": {"name": "e", "trainable": true, "dtype": "float32", "function": "compat.v1.transpose"},
          "inbound_nodes": [["d", 0, 0, {"perm": [0, 2, 1], "name": "transpose", "conjugate": false}]]}],
        "input_layers": [["x", 0, 0]], "output_layers": [["e", 0, 0]]}})",
      {});
  const auto model = models::load_model(path);
  const Array x{{1.f, 2.f, 3.f, 4.f}}, y{{{1.f}, {2.f}, {4.f}}};
  EXPECT_TRUE(array_equal(model.predict(x), y));
  model.save(path.parent_path() / "again.h5");
  EXPECT_TRUE(array_equal(models::load_model(path.parent_path() / "again.h5").predict(x), y));
  model.save(path.parent_path() / "again.keras");
  EXPECT_TRUE(array_equal(models::load_model(path.parent_path() / "again.keras").predict(x), y));
}

// What CuDNN keeps of what an LSTM or GRU keeps: each gate turned, and of an LSTM two biases that are added.
Array turned_gates(const Array& matrix, int gates, bool through_shape) {
  const std::int64_t rows = matrix.shape()[0], units = matrix.shape()[1] / gates;
  std::vector<Array> parts;
  for (int gate = 0; gate < gates; ++gate) {
    const Array part = matrix.slice(gate * units, (gate + 1) * units, 1, 1).copy().transpose({1, 0});
    parts.push_back(through_shape ? part.reshape({rows, units}) : part);
  }
  return graph::concatenate(parts, 1);
}

TEST(Keras2ConfigTest, WeightsOfCudnn) {
  const tests::OldFile file;
  const Array x = tests::some({2, 5, 3});
  models::Sequential lstm({layers::LSTM(4, {.input_shape = {5, 3}})});
  const auto weights = lstm.get_weights();
  const Array bias = tests::some({16});
  lstm.set_weights({weights[0], weights[1], bias});
  const std::string config =
      R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "CuDNNLSTM", "config": {"name": "c", "batch_input_shape": [null, 5, 3], "units": 4, "return_sequences": false,
          "return_state": false, "go_backwards": false, "stateful": false, "unit_forget_bias": true}}]}})";
  const auto path = file.write(config, {{"c",
                                         {{"c/kernel:0", turned_gates(weights[0], 4, true)},
                                          {"c/recurrent_kernel:0", turned_gates(weights[1], 4, false)},
                                          {"c/bias:0", graph::concatenate({bias - 1, bias * 0 + 1}, 0)}}}});
  EXPECT_TRUE(allclose(models::load_model(path).predict(x), lstm.predict(x), 1e-5, 1e-6));

  models::Sequential gru(
      {layers::Bidirectional(layers::GRU(2, {.reset_after = true}), {.merge_mode = "sum", .input_shape = {5, 3}})});
  std::vector<Array> of_gru = gru.get_weights();
  of_gru[2] = tests::some({2, 6}), of_gru[5] = tests::some({2, 6}) * 0.5;
  gru.set_weights(of_gru);
  const std::string both =
      R"({"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Bidirectional", "config": {"name": "b", "batch_input_shape": [null, 5, 3], "merge_mode": "sum",
          "layer": {"class_name": "CuDNNGRU", "config": {"name": "c", "units": 2}}}}]}})";
  std::vector<std::pair<std::string, Array>> stored;
  for (const std::size_t first : {0, 3}) {
    const std::string half = first == 0 ? "b/forward_c/" : "b/backward_c/";
    stored.emplace_back(half + "kernel:0", turned_gates(of_gru[first], 3, true));
    stored.emplace_back(half + "recurrent_kernel:0", turned_gates(of_gru[first + 1], 3, false));
    stored.emplace_back(half + "bias:0", of_gru[first + 2].reshape({-1}));
  }
  EXPECT_TRUE(allclose(models::load_model(file.write(both, {{"b", stored}})).predict(x), gru.predict(x), 1e-5, 1e-6));
}

}  // namespace
}  // namespace cornu::keras
