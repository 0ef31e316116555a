#include "cornu/keras/layers/core/reversible_embedding.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ReversibleEmbedding",
       .config = R"({"input_dim": 5, "output_dim": 3, "tie_weights": false, "embeddings_initializer": "zeros",
                     "embeddings_regularizer": "l2", "embeddings_constraint": "non_neg", "mask_zero": true,
                     "reverse_dtype": "bfloat16", "logit_soft_cap": 2.0, "activity_regularizer": "l1", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {(graph::arange(0, 12).reshape({4, 3}) - 3).astype(int32)},
                   .config = R"({"input_dim": 10, "output_dim": 3, "tie_weights": false, BASE})",
                   .free_axes = {1},
                   .mask = tests::LayerExample::Mask::none}}};
});

Array back(const Shared<Layer>& layer, const Array& x) {
  return Function([&](const Tensor& t) {
    Context ctx;
    return (*layer)(Inputs(t).with_value("reverse", true), ctx).at(0);
  })(x);
}

const Array kTable = Array{1.f, 2.f, 3.f, -1.f, 0.f, 0.5f}.reshape({3, 2});

TEST(ReversibleEmbeddingTest, TheWayBackIsAProductWithTheTable) {
  const ReversibleEmbedding layer(3, 2);
  layer->ensure_built_for({{int32, {kUnknown, 4}}});
  layer->set_weights({kTable});
  EXPECT_TRUE(array_equal(tests::call_layer(layer, {Array{2, 0}.astype(int32)}).output(),
                          Array{0.f, 0.5f, 1.f, 2.f}.reshape({2, 2})));
  EXPECT_TRUE(array_equal(back(layer, Array{2.f, 10.f}.reshape({1, 2})), Array{22.f, -4.f, 5.f}.reshape({1, 3})));
}

TEST(ReversibleEmbeddingTest, WithATableOfItsOwnCappedAndInAnotherDtype) {
  const ReversibleEmbedding layer({.input_dim = 3, .output_dim = 2, .tie_weights = false, .logit_soft_cap = 5});
  layer->ensure_built_for({{int32, {kUnknown, 4}}});
  ASSERT_EQ(layer->weights().size(), 2u);
  EXPECT_EQ(layer->weights()[1].shape(), (Shape{2, 3}));
  layer->set_weights({kTable, Array{1.f, 0.f, 2.f, 0.f, 1.f, -1.f}.reshape({2, 3})});
  const Array y = back(layer, Array{4.f, 3.f}.reshape({1, 2}));
  EXPECT_NEAR(y.at<float>({0, 0}), 5 * std::tanh(4. / 5), 1e-5);
  EXPECT_NEAR(y.at<float>({0, 1}), 5 * std::tanh(3. / 5), 1e-5);
  EXPECT_NEAR(y.at<float>({0, 2}), 5 * std::tanh(5. / 5), 1e-5);
  const ReversibleEmbedding narrow({.input_dim = 3, .output_dim = 2, .reverse_dtype = "bfloat16"});
  EXPECT_EQ(back(narrow, graph::zeros({1, 2})).dtype(), bfloat16);
}

TEST(ReversibleEmbeddingTest, InAModelItIsUsedBothWaysAndSaved) {
  const ReversibleEmbedding words(7, 4, {.mask_zero = true});
  const KerasTensor tokens = Input({.shape = {kUnknown}, .dtype = "int32"});
  const KerasTensor logits = words(Dense(4)(words(tokens)), {.values = {{"reverse", true}}});
  EXPECT_EQ(logits.shape(), (Shape{kUnknown, kUnknown, 7}));
  const models::Model model(tokens, logits);
  EXPECT_EQ(model.weights().size(), 3u);
  const Array x = Array{1, 2, 3, 0, 5, 6}.astype(int32).reshape({2, 3}), want = model.predict(x);
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.keras");
  EXPECT_TRUE(array_equal(models::load_model(folder.path() / "m.keras").predict(x), want));
}

TEST(ReversibleEmbeddingTest, RefusesBadArguments) {
  EXPECT_EQ(error_text<ValueError>([] { ReversibleEmbedding(0, 2, {.name = "e"}); }),
            "[ReversibleEmbedding \"e\"] expected a positive input_dim, got 0");
  EXPECT_EQ(error_text<ValueError>([] { ReversibleEmbedding(3, 2, {.logit_soft_cap = -1, .name = "e"}); }),
            "[ReversibleEmbedding \"e\"] expected a positive logit_soft_cap, got -1");
  EXPECT_EQ(error_text<ShapeError>([] {
              back(ReversibleEmbedding(3, 2, {.name = "e"}), graph::zeros({1, 5}));
            }),
            "[ReversibleEmbedding \"e\"] expected vectors of length 2 for the way back, got shape (1, 5)");
}

}  // namespace
}  // namespace cornu::keras::layers
