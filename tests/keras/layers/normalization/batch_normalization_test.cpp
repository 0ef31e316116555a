#include "cornu/keras/layers/normalization/batch_normalization.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using models::Sequential;
using tests::call_layer;
using tests::error_text;
using tests::run_layer;
using tests::some;

// `synchronized` is false, since true is an error; the example's epsilon is more than a negative variance.
const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "BatchNormalization",
       .config =
           R"({"axis": 1, "momentum": 0.5, "epsilon": 0.25, "center": false, "scale": false, "beta_initializer": "ones", "gamma_initializer": "zeros", "moving_mean_initializer": "ones", "moving_variance_initializer": "zeros", "beta_regularizer": "l1", "gamma_regularizer": "l2", "beta_constraint": "non_neg", "gamma_constraint": "max_norm", "renorm": true, "renorm_clipping": {"dmax": 5.0, "rmax": 3.0, "rmin": 0.25}, "renorm_momentum": 0.5, "synchronized": false, BASE})",
       .example = {.inputs = {some({3, 4, 5})}, .config = R"({"epsilon": 2.0, BASE})", .free_axes = {1}}},
  };
});

struct Statistics {
  Array mean, variance;
};

// Of all axes but the last.
Statistics statistics_of(const Array& x) {
  const Array flat = x.reshape({-1, x.shape().back()}), mean = graph::mean(flat, 0), difference = flat - mean;
  return {mean, graph::mean(difference * difference, 0)};
}
Array standardized(const Array& x, const Statistics& s, double epsilon = 1e-3) {
  return (x - s.mean) / graph::sqrt(s.variance + epsilon);
}
Array moved(const Array& from, const Array& to, double momentum) { return from * momentum + to * (1 - momentum); }

// shared/golden/layers/batchnorm_train.
TEST(BatchNormalizationTest, TrainsAsKerasDoes) {
  const BatchNormalization layer;
  layer->ensure_built({kUnknown, 5});
  layer->set_weights({{1.09175f, 0.821041f, 1.03809f, 1.44424f, 0.185374f},
                      {0.164968f, 0.746075f, -0.138468f, 0.507982f, -0.148188f},
                      {-0.356039f, 0.35952f, -0.2374f, 0.132534f, 0.314939f},
                      {1.14014f, 0.764241f, 0.866678f, 0.510296f, 0.880093f}});
  const Array x{{-1.06059f, -1.61542f, 2.35145f, 0.747127f, 0.401379f},
                {-0.164725f, 0.766189f, -0.362658f, -0.317235f, -0.248504f},
                {1.10057f, -0.714578f, 0.0464595f, -1.37486f, -0.954784f},
                {-1.35976f, 1.78085f, 0.780633f, 0.55466f, -0.198727f},
                {0.435924f, 0.382688f, 0.874316f, -0.0488888f, -0.762842f},
                {0.275266f, 1.45556f, -1.50979f, 0.158515f, -0.183364f},
                {0.944662f, 0.0442275f, 0.778088f, 1.25943f, -0.713056f},
                {-0.559499f, 0.564423f, 0.535939f, 2.83717f, 2.01446f}};
  const Array y = run_layer(layer, x, true).output;
  EXPECT_TRUE(allclose(y.slice(0, 2),
                       Array{{-1.1472f, -0.798164f, 1.76851f, 0.845205f, -0.0475847f},
                             {0.0143043f, 1.08941f, -0.934729f, -0.483482f, -0.183212f}},
                       1e-4, 1e-5));
  const auto weights = layer->get_weights();
  EXPECT_TRUE(allclose(weights[2], Array{-0.352964f, 0.359255f, -0.230658f, 0.135979f, 0.310983f}, 1e-4, 1e-6));
  EXPECT_TRUE(allclose(weights[3], Array{1.13582f, 0.76732f, 0.868864f, 0.518568f, 0.879172f}, 1e-4, 1e-6));
}

TEST(BatchNormalizationTest, HasKerasWeightsOfWhichHalfAreTrained) {
  const auto names = [](BatchNormalizationConfig config) {
    config.name = "b";
    const BatchNormalization layer(config);
    layer->ensure_built({kUnknown, 3});
    std::vector<std::string> found;
    for (const Variable& w : layer->weights()) found.push_back(w.name().substr(2) + (w.trainable() ? "" : "*"));
    return found;
  };
  using testing::ElementsAre;
  EXPECT_THAT(names({}), ElementsAre("gamma", "beta", "moving_mean*", "moving_variance*"));
  EXPECT_THAT(names({.center = false}), ElementsAre("gamma", "moving_mean*", "moving_variance*"));
  EXPECT_THAT(names({.center = false, .scale = false}), ElementsAre("moving_mean*", "moving_variance*"));
  EXPECT_THAT(names({.renorm = true}), ElementsAre("gamma", "beta", "moving_mean*", "moving_variance*",
                                                   "moving_stddev*", "renorm_mean*", "renorm_stddev*"));
  const BatchNormalization layer;
  layer->ensure_built({kUnknown, 3});
  EXPECT_EQ(layer->trainable_weights().size(), 2u);
  EXPECT_EQ(layer->non_trainable_weights().size(), 2u);
  EXPECT_TRUE(array_equal(layer->get_weights()[2], graph::zeros({3})));
  EXPECT_TRUE(array_equal(layer->get_weights()[3], graph::ones({3})));
  const BatchNormalization renorm(
      {.moving_variance_initializer = [](const Shape& s) { return graph::full(s, 4); }, .renorm = true});
  renorm->ensure_built({kUnknown, 3});
  EXPECT_TRUE(array_equal(renorm->get_weights()[4], graph::full({3}, 2)));
  EXPECT_TRUE(array_equal(renorm->get_weights()[6], graph::full({3}, 2)));
}

TEST(BatchNormalizationTest, MovesItsStatisticsWhileItFits) {
  Sequential model({BatchNormalization({.momentum = 0.9, .input_shape = {3}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0}), .loss = "mse"});
  const Array x = some({8, 3}) * 2 + 1, y = graph::zeros({8, 3});
  Array mean = graph::zeros({3}), variance = graph::ones({3});
  for (int epoch = 0; epoch < 3; ++epoch)
    for (const std::int64_t begin : {0, 4}) {
      const Statistics s = statistics_of(x.slice(begin, begin + 4));
      mean = moved(mean, s.mean, 0.9), variance = moved(variance, s.variance, 0.9);
    }
  model.fit(x, y, {.batch_size = 4, .epochs = 3, .verbose = 0, .shuffle = false});
  EXPECT_TRUE(allclose(model.get_weights()[2], mean, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(model.get_weights()[3], variance, 1e-5, 1e-6));
  // Inference goes by them and leaves them.
  EXPECT_TRUE(allclose(model.predict(x), standardized(x, {mean, variance}), 1e-4, 1e-5));
  model.evaluate(x, y, {.verbose = 0});
  EXPECT_TRUE(allclose(model.get_weights()[2], mean, 1e-5, 1e-6));
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  EXPECT_TRUE(array_equal(models::load_model(folder.path() / "m.h5").predict(x), model.predict(x)));
}

TEST(BatchNormalizationTest, UsedTwiceInAStepItMovesTwice) {
  const BatchNormalization layer({.momentum = 0.5});
  const Array a = some({4, 2}, 1), b = some({4, 2}, 2) + 1;
  const Function f([&](const Tensor& x, const Tensor& y) {
    Context ctx(true);
    Outputs outputs{(*layer)(x, ctx), (*layer)(y, ctx)};
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  f(a, b);
  const Array once = moved(graph::zeros({2}), statistics_of(a).mean, 0.5);
  EXPECT_TRUE(allclose(layer->get_weights()[2], moved(once, statistics_of(b).mean, 0.5), 1e-5, 1e-6));
}

TEST(BatchNormalizationTest, FrozenItIsInInferenceAlsoInTraining) {
  const BatchNormalization layer({.input_shape = {3}});
  const Array x = some({8, 3}) + 1;
  Sequential model({layer, Dense(1)});
  layer->set_trainable(false);
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  const auto before = layer->get_weights();
  model.fit(x, graph::ones({8, 1}), {.epochs = 2, .verbose = 0});
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_TRUE(array_equal(layer->get_weights()[i], before[i])) << i;
  EXPECT_TRUE(allclose(run_layer(layer, x, true).output, x / std::sqrt(1.001), 1e-5, 1e-6));
  EXPECT_TRUE(layer->trainable_weights().empty());
  // Until it is compiled again the model goes on as it was.
  layer->set_trainable(true);
  model.fit(x, graph::ones({8, 1}), {.epochs = 1, .verbose = 0});
  EXPECT_TRUE(array_equal(layer->get_weights()[2], before[2]));
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});
  model.fit(x, graph::ones({8, 1}), {.epochs = 1, .verbose = 0});
  EXPECT_FALSE(array_equal(layer->get_weights()[2], before[2]));
}

TEST(BatchNormalizationTest, ChannelsMayBeAnyAxis) {
  const Array x = some({4, 2, 3, 5});
  for (const int axis : {1, -3}) {
    const BatchNormalization layer(axis);
    const Array y = run_layer(layer, x, true).output, last = x.transpose({0, 2, 3, 1});
    EXPECT_TRUE(allclose(y.transpose({0, 2, 3, 1}), standardized(last, statistics_of(last)), 1e-4, 1e-5));
    EXPECT_EQ(layer->weights()[0].shape(), (Shape{2}));
  }
}

TEST(BatchNormalizationTest, MaskedStepsDoNotCount) {
  Array x = some({2, 3, 2});
  const Array mask{{true, true, false}, {true, false, false}};
  const Array counted = graph::concatenate({x.slice(0, 1).reshape({3, 2}).slice(0, 2), x[1][0].reshape({1, 2})}, 0);
  x[1][2] = std::numeric_limits<float>::quiet_NaN();
  const BatchNormalization layer({.momentum = 0});
  const Function f([&](const Tensor& tensor) {
    Context ctx(true);
    ctx.set_mask(tensor, Tensor(mask));
    Outputs outputs{(*layer)(tensor, ctx)};
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  const Array y = f(x);
  const Statistics s = statistics_of(counted);
  EXPECT_TRUE(allclose(layer->get_weights()[2], s.mean, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(layer->get_weights()[3], s.variance, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(y[0], standardized(x[0].copy(), s), 1e-4, 1e-5));
}

TEST(BatchNormalizationTest, AMaskHasAllAxesButTheLast) {
  const BatchNormalization layer({.name = "b"});
  EXPECT_EQ(
      error_text<ValueError>([&] {
        call_layer(layer, {some({2, 3})}, {Array{{true, true, false}, {true, true, true}}});
      }),
      "[BatchNormalization \"b\"] expected a mask of all axes but the last, got shape (2, 3) for an input of shape "
      "(2, 3)");
  // One that is given may have lengths of 1.
  const Function f([](const Tensor& x, const Tensor& mask) {
    Context ctx(true);
    Inputs inputs(x);
    inputs.with("mask", mask);
    return (*BatchNormalization({.momentum = 0}))(inputs, ctx).front();
  });
  const Array x = some({1, 2, 3, 4});
  EXPECT_TRUE(allclose(f(x, Array{{{true}, {false}}}), standardized(x, statistics_of(x[0][0].copy())), 1e-4, 1e-5));
}

TEST(BatchNormalizationTest, ComputesInFloat32) {
  const Array x = (some({64, 2}) + 100).astype(bfloat16);
  const BatchNormalization layer({.momentum = 0, .dtype = "mixed_bfloat16"});
  const Array y = run_layer(layer, x, true).output;
  const Statistics s = statistics_of(x.astype(float32));
  EXPECT_EQ(y.dtype(), bfloat16);
  EXPECT_TRUE(allclose(y.astype(float32), standardized(x.astype(float32), s), 0.01, 0.01));
  EXPECT_EQ(layer->get_weights()[2].dtype(), float32);
  EXPECT_TRUE(allclose(layer->get_weights()[2], s.mean, 1e-5, 1e-5));
}

// Values of real Keras: tests/golden/cases. Here the formulas of the paper.
TEST(BatchNormalizationTest, RenormCorrectsTowardsMovingStatistics) {
  const BatchNormalization layer({.momentum = 0.9,
                                  .renorm = true,
                                  .renorm_clipping = {{"rmin", 0.8}, {"rmax", 1.2}, {"dmax", 0.1}},
                                  .renorm_momentum = 0.8});
  const Array x = some({8, 2}) * 3 + 1;
  const Statistics s = statistics_of(x);
  const Array deviation = graph::sqrt(s.variance + 1e-3), r = graph::clip(deviation, 0.8, 1.2),
              d = graph::clip(s.mean, -0.1, 0.1);
  EXPECT_TRUE(allclose(run_layer(layer, x, true).output, standardized(x, s) * r + d, 1e-4, 1e-5));
  const auto w = layer->get_weights();
  const Array stddev = moved(graph::ones({2}), deviation, 0.9);
  EXPECT_TRUE(allclose(w[2], moved(graph::zeros({2}), s.mean, 0.9), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(w[3], stddev * stddev - 1e-3, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(w[4], stddev, 1e-5, 1e-6));
  EXPECT_TRUE(allclose(w[5], moved(graph::zeros({2}), s.mean, 0.8), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(w[6], moved(graph::ones({2}), deviation, 0.8), 1e-5, 1e-6));
}

TEST(BatchNormalizationTest, FilesOfKeras2HaveAListOfAxesAndRenormIfItIsTrue) {
  const auto read = [](const std::string& config) {
    return saving::deserialize(registry(), R"({"class_name": "BatchNormalization", "config": )" + config + "}",
                               saving::KerasVersion::keras2);
  };
  const auto layer = read(R"({"name": "b", "axis": [3], "epsilon": 0.5})");
  EXPECT_THAT(get_config(*layer), testing::HasSubstr(R"("axis":3)"));
  const std::string written = saving::serialize(*layer, saving::KerasVersion::keras2);
  EXPECT_THAT(written, testing::Not(testing::HasSubstr("renorm")));
  EXPECT_THAT(written, testing::Not(testing::HasSubstr("synchronized")));
  EXPECT_THAT(saving::serialize(*read(R"({"name": "b", "renorm": true})"), saving::KerasVersion::keras2),
              testing::HasSubstr(R"("renorm":true,"renorm_clipping":null,"renorm_momentum":0.99)"));
  EXPECT_EQ(error_text<ValueError>([&] { read(R"({"name": "b", "axis": [1, 2]})"); }),
            "BatchNormalization: expected one axis, got 2");
  EXPECT_EQ(error_text<ValueError>([&] { read(R"({"name": "b", "virtual_batch_size": 2})"); }),
            "BatchNormalization 'b': unknown argument 'virtual_batch_size'");
  EXPECT_EQ(error_text<FormatError>([&] { read(R"({"name": "b", "renorm": true, "renorm_clipping": 3})"); }),
            "BatchNormalization 'b': argument 'renorm_clipping' needs numbers by name, got 3");
}

TEST(BatchNormalizationTest, RefusesWhatItCannotDo) {
  EXPECT_EQ(
      error_text<ValueError>([] { BatchNormalization({.synchronized = true, .name = "b"}); }),
      "[BatchNormalization \"b\"] synchronized = true is not supported: statistics are those of one process' batch");
  const auto clipping_error = [](std::map<std::string, double> clipping) {
    return error_text<ValueError>([&] { BatchNormalization({.renorm = true, .renorm_clipping = clipping}); });
  };
  EXPECT_EQ(clipping_error({{"max", 1}}),
            "[BatchNormalization] expected 'rmin', 'rmax' and 'dmax' in renorm_clipping, got 'max'");
  EXPECT_EQ(clipping_error({{"rmax", 1}, {"rmin", 2}}),
            "[BatchNormalization] expected rmax of renorm_clipping to be at least rmin, got rmax = 1 and rmin = 2");
  EXPECT_EQ(clipping_error({{"dmax", -1}}),
            "[BatchNormalization] expected a dmax of renorm_clipping that is not negative, got -1");
  EXPECT_EQ(error_text<ShapeError>([] {
              BatchNormalization(2, {.name = "b"})->ensure_built({kUnknown, 3});
            }),
            "[BatchNormalization \"b\"] axis 2 is out of bounds for input shape (None, 3)");
  EXPECT_EQ(error_text<ShapeError>([] {
              BatchNormalization()(Input({.shape = {3, kUnknown}}));
            }),
            "[BatchNormalization] the length of axis 2 must be known, got input shape (None, 3, None)");
  const BatchNormalization layer({.name = "b"});
  layer->ensure_built({kUnknown, 3});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 4}));
            }),
            "[BatchNormalization \"b\"] expected input axis 1 of length 3, got 4 (input shape (2, 4))");
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, graph::ones({2, 2, 3}));
            }),
            "[BatchNormalization \"b\"] expected an input of 2 axes, got shape (2, 2, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
