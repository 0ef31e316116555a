#include "cornu/keras/layers/preprocessing/normalization.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/sequential.h"
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
       .class_name = "Normalization",
       .config = R"({"axis": [1, 2], "mean": [[0.5], [1.0]], "variance": [[2.0], [0.25]], "invert": true, BASE})",
       .example = {.inputs = {tests::some({3, 4, 2})},
                   .config = R"({"axis": [-1], "mean": [0.5, -1.0], "variance": [2.0, 0.25], BASE})",
                   .free_axes = {1}}}};
});

const Array kRows{{0.f, 7.f, 4.f}, {2.f, 9.f, 6.f}, {0.f, 7.f, 4.f}, {2.f, 9.f, 6.f}};

TEST(NormalizationTest, FindsMeanAndVarianceOfData) {
  const Normalization layer;
  layer->adapt(kRows);
  EXPECT_TRUE(allclose(layer(Array{{0.f, 7.f, 4.f}}), Array{{-1.f, -1.f, -1.f}}));
  const Normalization back({.invert = true});
  back->adapt(kRows);
  EXPECT_TRUE(allclose(back(Array{{1.f, 2.f, 3.f}}), Array{{2.f, 10.f, 8.f}}));
  const Normalization all({.axis = {}});
  all->adapt(Array{1, 2, 3, 4, 5});
  EXPECT_TRUE(allclose(all(Array{1, 2, 3}), Array{-1.4142135f, -0.7071068f, 0.f}));
  EXPECT_TRUE(array_equal(Normalization()(kRows), kRows)) << "before it has seen any";
}

TEST(NormalizationTest, BatchesCountByTheirLengths) {
  const Normalization layer;
  layer->adapt({Array{{1.f, 2.f}, {3.f, 5.f}}, Array{{4.f, 8.f}, {5.f, 1.f}, {0.f, 0.f}}});
  const std::vector<Array> weights = layer->get_weights();
  ASSERT_EQ(weights.size(), 3u);
  EXPECT_TRUE(allclose(weights[0], Array{2.6f, 3.2f}));
  EXPECT_TRUE(allclose(weights[1], Array{3.44f, 8.56f}));
}

TEST(NormalizationTest, WeightsHaveKerasNamesAndAreSaved) {
  models::Sequential model({Normalization({.name = "n"}), Dense(2)});
  model.build({kUnknown, 3});
  const auto layer = model.get_layer("n").as<PreprocessingLayer>();
  layer->adapt(kRows);
  std::vector<std::string> names;
  for (const Variable& w : layer->weights()) names.push_back(w.name());
  EXPECT_THAT(names, testing::ElementsAre("n/mean", "n/variance", "n/count"));
  EXPECT_TRUE(layer->trainable_weights().empty());
  EXPECT_EQ(layer->weights()[2].dtype(), int64);
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  EXPECT_TRUE(allclose(models::load_model(folder.path() / "m.h5").predict(kRows), model.predict(kRows)));
}

TEST(NormalizationTest, GivenNumbersBroadcast) {
  EXPECT_TRUE(allclose(Normalization({.mean = 3, .variance = 2})(Array{{1.f}, {3.f}}), Array{{-1.4142135f}, {0.f}}));
  const Array x = graph::arange(0, 6).reshape({1, 3, 2});
  EXPECT_TRUE(allclose(Normalization({.axis = {1, 2}, .mean = {1, 2}, .variance = {4, 9}})(x),
                       Array{{{-0.5f, -1.f / 3}, {0.5f, 1.f / 3}, {1.5f, 1.f}}}));
  EXPECT_TRUE(allclose(Normalization({.mean = 3, .variance = 0})(Array{{3.f, 4.f}}), Array{{0.f, 1e7f}}));
}

TEST(NormalizationTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { Normalization({.mean = 1, .name = "n"}); }),
            "[Normalization \"n\"] expected mean and variance, or none of them");
  EXPECT_EQ(error_text<ValueError>([] {
              Normalization({.mean = {1, 2}, .variance = 1, .name = "n"});
            }),
            "[Normalization \"n\"] expected mean and variance of one shape, got shapes (2,) and ()");
  EXPECT_EQ(error_text<ValueError>([] {
              Normalization({.axis = {}, .mean = {1, 2}, .variance = {1, 2}, .name = "n"});
            }),
            "[Normalization \"n\"] expected a mean of at most 0 axes, as many as axis has, got shape (2,)");
  EXPECT_EQ(error_text<ShapeError>([] {
              Normalization({.mean = {1, 2}, .variance = {1, 2}, .name = "n"})(kRows);
            }),
            "[Normalization \"n\"] a mean of shape (2,) does not broadcast to lengths (3,) along its axes");
  EXPECT_EQ(error_text<ShapeError>([] { Normalization({.axis = 2, .name = "n"})(kRows); }),
            "[Normalization \"n\"] axis 2 is out of bounds for input shape (None, 3)");
  EXPECT_EQ(error_text<ShapeError>([] { Normalization({.name = "n"})(Input({.shape = {kUnknown}})); }),
            "[Normalization \"n\"] the length of axis 1 must be known, got input shape (None, None)");
  EXPECT_EQ(error_text<ValueError>([] { Normalization({.mean = 1, .variance = 1, .name = "n"})->adapt(kRows); }),
            "[Normalization \"n\"] has a mean and a variance by its arguments: there is nothing to adapt");
  const Normalization layer({.name = "n"});
  layer->adapt(kRows);
  EXPECT_EQ(error_text<ShapeError>([&] {
              layer->adapt(graph::zeros({2, 2}));
            }),
            "[Normalization \"n\"] expected an input of 2 axes and lengths (3,) along its axes, got shape (2, 2)");
  EXPECT_EQ(error_text<ValueError>([&] {
              layer->adapt(graph::zeros({0, 3}));
            }),
            "[Normalization \"n\"] expected data to adapt to, got shape (0, 3)");
  EXPECT_EQ(error_text<ValueError>([&] { layer->adapt(std::vector<Array>()); }),
            "[Normalization \"n\"] expected at least one batch to adapt to, got none");
}

}  // namespace
}  // namespace cornu::keras::layers
