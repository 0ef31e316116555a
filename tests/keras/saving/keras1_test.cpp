// Files of Keras 1, and of Keras with Theano.
#include "cornu/keras/saving/internal/keras1.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/graph/array/array_make.h"
#include "cornu/keras/layers/convolutional/conv.h"
#include "cornu/keras/layers/convolutional/conv_transpose.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/rnn/bidirectional.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/wrappers/time_distributed.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/saving/old_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using nlohmann::json;
using saving::internal::from_keras1;
using saving::internal::Json;
using testing::HasSubstr;

using Weights = tests::NamedArrays;

class Keras1Test : public testing::Test {
 protected:
  // A file as Keras 1.2 wrote it, in which a Sequential is a list.
  std::filesystem::path file(const std::string& layers, const std::vector<std::pair<std::string, Weights>>& weights,
                             const std::string& version = "1.2.2", const std::string& backend = "") {
    file_.version = version, file_.backend = backend;
    return file_.write(R"({"class_name": "Sequential", "config": [)" + layers + "]}", weights);
  }
  tests::OldFile file_;
};

constexpr const char* kConvolution =
    R"({"class_name": "Convolution2D", "config": {"name": "convolution2d_1", "trainable": true, "batch_input_shape": [null, 2, 4, 5],
        "input_dtype": "float32", "nb_filter": 3, "nb_row": 2, "nb_col": 3, "init": "glorot_uniform", "activation": "relu",
        "border_mode": "valid", "subsample": [1, 1], "dim_ordering": "th", "W_regularizer": {"name": "WeightRegularizer", "l1": 0.0, "l2": 0.01},
        "b_regularizer": null, "activity_regularizer": null, "W_constraint": null, "b_constraint": null, "bias": true}},
       {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": true}},
       {"class_name": "Dense", "config": {"name": "dense_1", "trainable": true, "output_dim": 2, "init": "normal", "activation": "linear",
        "W_regularizer": null, "b_regularizer": null, "activity_regularizer": null, "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0}, "b_constraint": null, "bias": true, "input_dim": null}})";

// The kernel of `kernel` (rows, columns, in, out) as Keras 1 has it: out, in, rows, columns.
TEST_F(Keras1Test, ConvolutionsWithChannelsFirst) {
  models::Sequential model(
      {layers::Conv2D(3, {2, 3}, {.data_format = "channels_first", .activation = "relu", .input_shape = {2, 4, 5}}),
       layers::Flatten(), layers::Dense(2)});
  const auto weights = model.get_weights();
  const Array old = weights[0].transpose({3, 2, 0, 1});
  const Array x = tests::some({6, 2, 4, 5}), expected = model.predict(x);
  const auto with = [&](const Array& kernel, const std::string& end) {
    return file(kConvolution,
                {{"convolution2d_1", {{"convolution2d_1_W" + end, kernel}, {"convolution2d_1_b" + end, weights[1]}}},
                 {"flatten_1", {}},
                 {"dense_1", {{"dense_1_W" + end, weights[2]}, {"dense_1_b" + end, weights[3]}}}});
  };
  models::Model loaded = models::load_model(with(old, ":0"));
  EXPECT_TRUE(array_equal(loaded.predict(x), expected));
  EXPECT_THAT(get_config(*loaded.layers()[0]), HasSubstr(R"("l2":0.01)"));
  EXPECT_THAT(get_config(*loaded.layers()[2]), HasSubstr(R"("max_value":2)"));

  // Theano turns kernels round, and its names do not end with ":0".
  Array turned(old.shape());
  for (std::int64_t plane = 0; plane < 6; ++plane)
    for (std::int64_t i = 0; i < 6; ++i) turned.data<float>()[plane * 6 + i] = old.data<float>()[plane * 6 + 5 - i];
  EXPECT_TRUE(array_equal(models::load_model(with(turned, "")).predict(x), expected));

  // The weights alone, into a model that is there.
  models::Sequential other(
      {layers::Conv2D(3, {2, 3}, {.data_format = "channels_first", .activation = "relu", .input_shape = {2, 4, 5}}),
       layers::Flatten(), layers::Dense(2)});
  other.load_weights(with(turned, ""));
  EXPECT_TRUE(array_equal(other.predict(x), expected));
}

TEST_F(Keras1Test, GatesInArraysOfTheirOwn) {
  models::Sequential model(
      {layers::Bidirectional(layers::LSTM(2, {.recurrent_activation = "sigmoid"}), {.input_shape = {4, 3}}),
       layers::Dense(1)});
  const auto now = model.get_weights();
  const auto columns = [](const Array& x, int gate) {
    const std::int64_t rows = x.ndim() == 2 ? x.shape()[0] : 1;
    Array part(x.ndim() == 2 ? Shape{rows, 2} : Shape{2});
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < 2; ++c) part.data<float>()[r * 2 + c] = x.data<float>()[r * 8 + gate * 2 + c];
    return part;
  };
  Weights old;
  for (std::size_t half = 0; half < 2; ++half)
    for (const int gate : {0, 2, 1, 3})  // i, c, f, o; now i, f, c, o
      for (std::size_t kind = 0; kind < 3; ++kind)
        old.emplace_back("w" + std::to_string(old.size()) + ":0", columns(now[half * 3 + kind], gate));
  const auto path = file(
      R"({"class_name": "Bidirectional", "config": {"name": "bidirectional_1", "trainable": true, "batch_input_shape": [null, 4, 3], "input_dtype": "float32",
           "merge_mode": "concat", "layer": {"class_name": "LSTM", "config": {"name": "lstm_1", "trainable": true, "return_sequences": false, "go_backwards": false,
           "stateful": false, "unroll": false, "consume_less": "cpu", "input_dim": 3, "input_length": 4, "output_dim": 2, "init": "glorot_uniform",
           "inner_init": "orthogonal", "forget_bias_init": "one", "activation": "tanh", "inner_activation": "sigmoid", "W_regularizer": null,
           "U_regularizer": null, "b_regularizer": null, "dropout_W": 0.0, "dropout_U": 0.0}}}},
         {"class_name": "Dense", "config": {"name": "dense_1", "trainable": true, "output_dim": 1, "activation": "linear", "bias": true}})",
      {{"bidirectional_1", old}, {"dense_1", {{"dense_1_W:0", now[6]}, {"dense_1_b:0", now[7]}}}});
  const Array x = tests::some({5, 4, 3});
  EXPECT_TRUE(array_equal(models::load_model(path).predict(x), model.predict(x)));
}

// What Keras 1 calls running_std is a variance.
TEST_F(Keras1Test, BatchNormalization) {
  models::Sequential model({layers::BatchNormalization({.momentum = 0.9, .epsilon = 1e-5, .input_shape = {3}})});
  const std::vector<Array> weights = {Array{1.f, 2.f, 3.f}, Array{0.f, 1.f, 0.f}, Array{4.f, 5.f, 6.f},
                                      Array{0.5f, 2.f, 9.f}};
  model.set_weights(weights);
  const auto path = file(
      R"({"class_name": "BatchNormalization", "config": {"name": "b", "trainable": true, "batch_input_shape": [null, 3], "input_dtype": "float32", "mode": 0,
           "axis": -1, "epsilon": 1e-05, "momentum": 0.9, "gamma_regularizer": null, "beta_regularizer": null, "beta_init": "zero", "gamma_init": "one"}})",
      {{"b",
        {{"b_gamma:0", weights[0]},
         {"b_beta:0", weights[1]},
         {"b_running_mean:0", weights[2]},
         {"b_running_std:0", weights[3]}}}});
  const Array x = tests::some({4, 3});
  EXPECT_TRUE(array_equal(models::load_model(path).predict(x), model.predict(x)));
}

// Keras 2 with Theano says so, and turns the window round, too.
TEST_F(Keras1Test, Keras2WithTheano) {
  models::Sequential model({layers::Conv1D(2, 3, {.use_bias = false, .input_shape = {5, 1}})});
  const Array kernel{{{1.f, 10.f}}, {{2.f, 20.f}}, {{3.f, 30.f}}}, turned{{{3.f, 30.f}}, {{2.f, 20.f}}, {{1.f, 10.f}}};
  model.set_weights({kernel});
  const std::string layer =
      R"({"class_name": "Conv1D", "config": {"name": "c", "batch_input_shape": [null, 5, 1], "filters": 2, "kernel_size": [3], "use_bias": false}})";
  const Array x = tests::some({2, 5, 1});
  EXPECT_TRUE(
      array_equal(models::load_model(file(layer, {{"c", {{"c/kernel", turned}}}}, "2.0.8", "theano")).predict(x),
                  model.predict(x)));
  EXPECT_TRUE(
      array_equal(models::load_model(file(layer, {{"c", {{"c/kernel:0", kernel}}}}, "2.0.8", "tensorflow")).predict(x),
                  model.predict(x)));
}

// In a layer that repeats another one as well: the kernel is the inner one's.
TEST_F(Keras1Test, ConvolutionsInsideOfLayers) {
  models::Sequential model({layers::TimeDistributed(layers::Conv2D(2, {2, 2}, {.data_format = "channels_first"}),
                                                    {.input_shape = {3, 1, 4, 4}})});
  const auto weights = model.get_weights();
  const Array x = tests::some({2, 3, 1, 4, 4});
  const std::string layer =
      R"({"class_name": "TimeDistributed", "config": {"name": "t", "batch_input_shape": [null, 3, 1, 4, 4], "layer":
          {"class_name": "Convolution2D", "config": {"name": "c", "nb_filter": 2, "nb_row": 2, "nb_col": 2, "dim_ordering": "th"}}}})";
  const auto path = file(layer, {{"t", {{"c_W:0", weights[0].transpose({3, 2, 0, 1})}, {"c_b:0", weights[1]}}}});
  EXPECT_TRUE(array_equal(models::load_model(path).predict(x), model.predict(x)));
}

// Keras 1 has the filters of a transposed convolution where any convolution has them.
TEST_F(Keras1Test, TransposedConvolutions) {
  for (const bool first : {false, true}) {
    SCOPED_TRACE(first);
    const std::string format = first ? "channels_first" : "channels_last";
    const Shape shape = first ? Shape{3, 4, 4} : Shape{4, 4, 3};
    models::Sequential model(
        {layers::Conv2DTranspose(2, {2, 3}, {.strides = {2, 2}, .data_format = format, .input_shape = shape})});
    const auto weights = model.get_weights();  // rows, columns, out, in
    const std::string layer =
        R"({"class_name": "Deconvolution2D", "config": {"name": "d", "nb_filter": 2, "nb_row": 2, "nb_col": 3, "subsample": [2, 2],
            "output_shape": [null, 2, 8, 9], "border_mode": "valid", )" +
        std::string(first ? R"("dim_ordering": "th", "batch_input_shape": [null, 3, 4, 4]}})"
                          : R"("dim_ordering": "tf", "batch_input_shape": [null, 4, 4, 3]}})");
    const Array old = first ? weights[0].transpose({2, 3, 0, 1}) : weights[0].transpose({0, 1, 3, 2});
    const auto path = file(layer, {{"d", {{"d_W:0", old}, {"d_b:0", weights[1]}}}});
    const Array x = tests::some(shape.prepend(2));
    EXPECT_TRUE(array_equal(models::load_model(path).predict(x), model.predict(x)));
  }
}

// A Sequential that begins with a Merge has the inputs of the models in it, and their layers' weights are the file's.
TEST_F(Keras1Test, RowsThatBeginWithModels) {
  const auto row = [](const std::string& name, int width) {
    return R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": ")" + name +
           R"(", "batch_input_shape": [null, )" + std::to_string(width) +
           R"(], "input_dtype": "float32", "output_dim": 1, "bias": false}}]})";
  };
  const auto path = file(
      R"({"class_name": "Merge", "config": {"name": "m", "mode": "concat", "concat_axis": -1, "mode_type": "raw", "dot_axes": -1, "layers": [)" +
          row("left", 2) + ", " + row("right", 1) +
          R"(]}}, {"class_name": "Dense", "config": {"name": "last", "output_dim": 1, "bias": false}})",
      {{"left", {{"left_W:0", Array{{1.f}, {2.f}}}}},
       {"right", {{"right_W:0", Array{{5.f}}}}},
       {"last", {{"last_W:0", Array{{1.f}, {10.f}}}}}});
  const auto model = models::load_model(path);
  EXPECT_THAT(model.input_names(), testing::ElementsAre("left_input", "right_input"));
  EXPECT_TRUE(array_equal(model.predict({Array{{1.f, 1.f}}, Array{{2.f}}})[0], Array{{103.f}}));
}

TEST_F(Keras1Test, JsonWithWeightsBesideIt) {
  const std::string json =
      R"({"class_name": "Sequential", "keras_version": "1.2.2", "config": [{"class_name": "Convolution1D", "config": {"name": "c",
          "batch_input_shape": [null, 3, 2], "nb_filter": 1, "filter_length": 2, "border_mode": "valid", "bias": false}}]})";
  auto model = models::model_from_json(json);
  model.load_weights(file("", {{"c", {{"c_W:0", Array(std::vector<float>{1, 2, 3, 4}).reshape({2, 1, 2, 1})}}}}, ""));
  EXPECT_TRUE(array_equal(model.predict(Array{{{1.f, 0.f}, {0.f, 1.f}, {0.f, 0.f}}}), Array{{{5.f}, {2.f}}}));
}

TEST_F(Keras1Test, WithoutItsVersion) {
  const auto path = file(
      R"({"class_name": "Dense", "config": {"name": "d", "batch_input_shape": [null, 2], "input_dtype": "float32", "output_dim": 1, "init": "uniform", "bias": false}})",
      {{"d", {{"d_W:0", Array{{1.f}, {2.f}}}}}}, "");
  EXPECT_TRUE(array_equal(models::load_model(path).predict(Array{{1.f, 1.f}}), Array{{3.f}}));
}

struct Case {
  const char *class_name, *config, *now, *expected;
};

// What each class and argument is called now.
TEST(Keras1ConfigTest, ClassesAndArguments) {
  for (
      const Case& c : {
          Case{"Convolution1D", R"({"nb_filter": 4, "filter_length": 3, "subsample_length": 2, "border_mode": "same"})",
               "Conv1D", R"({"filters": 4, "kernel_size": 3, "strides": 2, "padding": "same"})"},
          Case{"Convolution2D",
               R"({"nb_filter": 4, "nb_row": 3, "nb_col": 2, "subsample": [1, 2], "dim_ordering": "tf"})", "Conv2D",
               R"({"filters": 4, "strides": [1, 2], "data_format": "channels_last", "kernel_size": [3, 2]})"},
          Case{"Convolution3D", R"({"nb_filter": 1, "kernel_dim1": 1, "kernel_dim2": 2, "kernel_dim3": 3})", "Conv3D",
               R"({"filters": 1, "kernel_size": [1, 2, 3]})"},
          Case{"AtrousConvolution2D", R"({"nb_filter": 1, "nb_row": 3, "nb_col": 3, "atrous_rate": [2, 2]})", "Conv2D",
               R"({"filters": 1, "dilation_rate": [2, 2], "kernel_size": [3, 3]})"},
          Case{"Deconvolution2D", R"({"nb_filter": 1, "nb_row": 3, "nb_col": 3, "output_shape": [null, 3, 3, 3]})",
               "Conv2DTranspose", R"({"filters": 1, "kernel_size": [3, 3]})"},
          Case{"SeparableConvolution2D", R"({"depth_multiplier": 2})", "SeparableConv2D", R"({"depth_multiplier": 2})"},
          Case{"MaxPooling1D", R"({"pool_length": 2, "stride": 1, "border_mode": "valid"})", "MaxPooling1D",
               R"({"pool_size": 2, "strides": 1, "padding": "valid"})"},
          Case{"UpSampling1D", R"({"length": 3})", "UpSampling1D", R"({"size": 3})"},
          Case{
              "Embedding",
              R"({"input_dim": 9, "output_dim": 2, "init": "uniform", "W_regularizer": null, "W_constraint": null, "dropout": 0.0, "input_length": 4})",
              "Embedding",
              R"({"input_dim": 9, "output_dim": 2, "embeddings_initializer": "uniform", "embeddings_regularizer": null, "embeddings_constraint": null})"},
          Case{
              "LSTM",
              R"({"output_dim": 3, "inner_init": "orthogonal", "inner_activation": "hard_sigmoid", "forget_bias_init": "zero", "U_regularizer": null, "dropout_W": 0.1, "dropout_U": 0.2})",
              "LSTM",
              R"({"units": 3, "recurrent_initializer": "orthogonal", "recurrent_activation": "hard_sigmoid", "recurrent_regularizer": null, "dropout": 0.1, "recurrent_dropout": 0.2, "unit_forget_bias": false})"},
          Case{"GRU", R"({"output_dim": 3})", "GRU", R"({"units": 3})"},
          Case{"SimpleRNN", R"({"output_dim": 3})", "SimpleRNN", R"({"units": 3})"},
          Case{"Dropout", R"({"p": 0.5})", "Dropout", R"({"rate": 0.5})"},
          Case{"GaussianNoise", R"({"sigma": 0.5})", "GaussianNoise", R"({"stddev": 0.5})"},
          Case{"PReLU", R"({"init": "zero"})", "PReLU", R"({"alpha_initializer": "zeros"})"},
          Case{"BatchNormalization", R"({"mode": 2, "gamma_init": "one"})", "BatchNormalization",
               R"({"gamma_initializer": "ones"})"},
          Case{"TimeDistributedDense", R"({"output_dim": 3, "input_length": null})", "Dense", R"({"units": 3})"},
          Case{"Dense", R"({"activity_regularizer": {"name": "ActivityRegularizer", "l1": 0.5, "l2": 0.0}})", "Dense",
               R"({"activity_regularizer": {"class_name": "L1L2", "config": {"l1": 0.5, "l2": 0.0}}})"},
          Case{"Merge", R"({"name": "m", "mode": "concat", "concat_axis": 1, "layers": []})", "Concatenate",
               R"({"name": "m", "axis": 1})"},
          Case{"Merge", R"({"name": "m", "mode": "sum", "layers": []})", "Add", R"({"name": "m"})"},
          Case{"Merge", R"({"name": "m", "mode": "mul"})", "Multiply", R"({"name": "m"})"},
          Case{"Merge", R"({"name": "m", "mode": "ave"})", "Average", R"({"name": "m"})"},
          Case{"Merge", R"({"name": "m", "mode": "max"})", "Maximum", R"({"name": "m"})"},
          Case{"Merge", R"({"name": "m", "mode": "dot", "dot_axes": [[1, 2]]})", "Dot",
               R"({"name": "m", "axes": [1, 2], "normalize": false})"},
          Case{"Merge", R"({"name": "m", "mode": "cos", "dot_axes": 1})", "Dot",
               R"({"name": "m", "axes": 1, "normalize": true})"},
      }) {
    SCOPED_TRACE(c.class_name);
    const Json now = from_keras1(Json{{"class_name", c.class_name}, {"config", Json::parse(c.config)}});
    EXPECT_EQ(now["class_name"], c.now);
    EXPECT_EQ(json::parse(now["config"].dump()), json::parse(c.expected));
  }
}

TEST(Keras1ConfigTest, WhatHasNoFormNow) {
  const auto error_of = [](const char* layer) {
    return tests::error_text<ValueError>([&] { from_keras1(Json::parse(layer)); });
  };
  EXPECT_EQ(error_of(R"({"class_name": "Merge", "config": {"mode": "lambda"}})"),
            "Merge: mode 'lambda' of Keras 1 is not supported");
  const std::string merge = R"({"class_name": "Merge", "config": {"name": "m", "mode": "sum", "layers": [)";
  const auto beginning_with = [&](const std::string& branch) {
    return error_of((R"({"class_name": "Sequential", "config": [)" + merge + branch + "]}}]}").c_str());
  };
  EXPECT_EQ(error_of(R"({"class_name": "Merge", "config": {"mode": 3}})"),
            "Merge: mode '3' of Keras 1 is not supported");
  for (const char* empty :
       {R"({"class_name": "Sequential", "config": {}})", R"({"class_name": "Sequential", "config": []})"})
    EXPECT_THAT(beginning_with(empty), HasSubstr("need to be Sequential, got"));
  EXPECT_EQ(beginning_with(R"({"class_name": "Model", "config": {}})"),
            "Merge: models of Keras 1 that are joined need to be Sequential, got "
            R"({"class_name":"Model","config":{}})");
  EXPECT_EQ(
      beginning_with(R"({"class_name": "Sequential", "config": [{"class_name": "Dense", "config": {"name": "d"}}]})"),
      "Merge: layer 'd' does not say the shape of its input");
  EXPECT_EQ(error_of(R"({"class_name": "BatchNormalization", "config": {"mode": 1}})"),
            "BatchNormalization: mode 1 of Keras 1 is not supported");
}

}  // namespace
}  // namespace cornu::keras
