#include "cornu/keras/layers/wrappers/time_distributed.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/core/masking.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/sequential.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "TimeDistributed",
       .config = R"({"layer": {"class_name": "Dense", "config": {"name": "d", "units": 3}}, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1}}}};
});

TEST(TimeDistributedTest, AppliesItsLayerToEachStep) {
  const TimeDistributed layer(Dense(2, {.kernel_initializer = "ones"}));
  const Array x = graph::arange(1, 13).reshape({2, 3, 2}).astype(float32);
  EXPECT_TRUE(array_equal(call_layer(layer, {x}).output(),
                          Array{{{3.f, 3.f}, {7.f, 7.f}, {11.f, 11.f}}, {{15.f, 15.f}, {19.f, 19.f}, {23.f, 23.f}}}));
  ASSERT_EQ(layer->weights().size(), 2u);
  EXPECT_THAT(layer->weights()[0].name(), testing::EndsWith("dense/kernel"));
  EXPECT_EQ(layer->weights()[0].shape(), (Shape{2, 2}));
  EXPECT_EQ(call_layer(TimeDistributed(Flatten()), {graph::ones({2, 3, 4, 5})}).output().shape(), (Shape{2, 3, 20}));
  EXPECT_EQ(TimeDistributed(Dense(7))(Input({.shape = {kUnknown, 3}})).shape(), (Shape{kUnknown, kUnknown, 7}));
}

TEST(TimeDistributedTest, TakesAModelAndHandsMasksOn) {
  const Array x = graph::arange(1, 13).reshape({2, 3, 2}).astype(float32),
              mask{{true, false, true}, {false, true, true}};
  const models::Sequential inner({Dense(4, {.activation = "tanh", .input_shape = {2}}), Dense(1)});
  const TimeDistributed layer((Shared<Layer>(inner)));
  const auto y = call_layer(layer, {x}, {mask});
  EXPECT_TRUE(allclose(y.output(), inner.predict(x.reshape({6, 2})).reshape({2, 3, 1}), 1e-5, 1e-6));
  EXPECT_TRUE(array_equal(*y.mask, mask));
  EXPECT_EQ(layer->count_params(), 17);
}

// Words within sentences: what pads a sentence does not count in it, and a sentence of padding alone counts nowhere.
TEST(TimeDistributedTest, MasksOfStepsWithinStepsReachTheLayer) {
  const Array words = Array(std::vector<std::int32_t>{3, 5, 0, 7, 0, 0, 0, 0, 0}).reshape({1, 3, 3});
  const Input x({.shape = {kUnknown, kUnknown}, .dtype = "int32"});
  const Embedding embed(10, 4, {.mask_zero = true});
  const GRU sentences(3), text(2);
  const models::Model model(x, text(TimeDistributed(sentences)(TimeDistributed(embed)(x))));
  const Array y = model.predict(words);
  EXPECT_TRUE(allclose(y, model.predict(Array(std::vector<std::int32_t>{3, 5, 7, 0}).reshape({1, 2, 2})), 1e-5, 1e-6));
  EXPECT_FALSE(allclose(y, model.predict(Array(std::vector<std::int32_t>{3, 5, 7, 1}).reshape({1, 2, 2})), 1e-4, 1e-4));
}

TEST(TimeDistributedTest, MayBeNested) {
  const TimeDistributed layer(TimeDistributed(Dense(2, {.kernel_initializer = "ones"})));
  const Array x = tests::some({2, 3, 4, 5});
  const auto y = call_layer(layer, {x}).output();
  EXPECT_EQ(y.shape(), (Shape{2, 3, 4, 2}));
  EXPECT_TRUE(allclose(y.reshape({24, 2}),
                       call_layer(Dense(2, {.kernel_initializer = "ones"}), {x.reshape({24, 5})}).output(), 1e-5,
                       1e-6));
}

TEST(TimeDistributedTest, NeedsALayerAndSteps) {
  EXPECT_EQ(error_text<ValueError>([] { TimeDistributed({.name = "t"}); }),
            "[TimeDistributed \"t\"] expected a layer to wrap, got none");
  EXPECT_EQ(error_text<ShapeError>([] { TimeDistributed(Dense(2))(Input({.shape = {3}})); }),
            "[TimeDistributed] expected an input of at least three axes, got shape (None, 3)");
}

}  // namespace
}  // namespace cornu::keras::layers
