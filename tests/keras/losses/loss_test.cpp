#include "cornu/keras/losses/loss.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/keras/losses/by_shape.h"
#include "cornu/keras/losses/regression.h"
#include "cornu/keras/losses/squeeze.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::evaluate;
using graph::Array;
using graph::Shape;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"loss", "MeanSquaredError", R"({"reduction": "sum", "name": "n"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"loss", "MeanAbsoluteError", R"({"reduction": "sum", "name": "n"})", true,
       graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}, graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
      {"loss", "crossentropy", "{}", false, graph::Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}},
       graph::Array{{0.2f, 0.5f, 0.3f}, {0.4f, 0.15f, 0.45f}}},
  };
});

const Array kTrue{{0.f, 1.f}, {0.f, 0.f}};
const Array kPred{{1.f, 1.f}, {1.f, 0.f}};  // absolute errors per sample 0.5, 0.5
const Array kFar{{1.f, 1.f}, {3.f, 0.f}};   // 0.5, 1.5

float value(const Loss& loss, const Array& t, const Array& p, const Tensor& w = {}) {
  return evaluate(loss(t, p, w)).item<float>();
}

TEST(Loss, ReducesAsKeras) {
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError(), kTrue, kFar), 1.0f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "mean"}), kTrue, kFar), 1.0f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "auto"}), kTrue, kFar), 1.0f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "sum"}), kTrue, kFar), 2.0f);
  EXPECT_TRUE(array_equal(evaluate(MeanAbsoluteError({.reduction = "none"})(kTrue, kFar)), Array{0.5f, 1.5f}));
}

TEST(Loss, DividesByTheNumberOfSamplesNotByTheirWeights) {
  const Array weights{1.f, 3.f};
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError(), kTrue, kFar, weights), (0.5f + 4.5f) / 2);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "sum"}), kTrue, kFar, weights), 5.f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "mean_with_sample_weight"}), kTrue, kFar, weights), 5.f / 4);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "mean_with_sample_weight"}), kTrue, kFar, Array{0.f, 0.f}),
                  0.f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError({.reduction = "mean_with_sample_weight"}), kTrue, kFar), 1.f);
  EXPECT_TRUE(array_equal(evaluate(MeanAbsoluteError({.reduction = "none"})(kTrue, kFar, weights)), Array{0.5f, 4.5f}));
}

TEST(Loss, TakesWeightsAsAColumnOrAsIntegers) {
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError(), kTrue, kFar, Array{{1.f}, {3.f}}), 2.5f);
  EXPECT_FLOAT_EQ(value(MeanAbsoluteError(), kTrue, kFar, Array{1, 3}), 2.5f);
}

TEST(Loss, WeightsOfStepsMustHaveTheirRank) {
  const Array t = graph::zeros({2, 3, 1}), p = graph::ones({2, 3, 1});  // values (2, 3)
  EXPECT_FLOAT_EQ(value(MeanSquaredError({.reduction = "sum"}), t, p, Array{{1.f}, {2.f}}), 9.f);
  EXPECT_THAT(
      [&] {
        MeanSquaredError()(t, p, Array{1.f, 2.f});
      },
      ThrowsMessage<ShapeError>(AllOf(HasSubstr("mean_squared_error"), HasSubstr("(2,)"), HasSubstr("(2, 3)"))));
  EXPECT_THAT(
      [&] {
        MeanSquaredError()(t, p, graph::ones({2, 2}));
      },
      ThrowsMessage<ShapeError>(HasSubstr("sample weights of shape (2, 2)")));
}

TEST(Loss, SqueezesRanksThatDifferByALastAxisOfOne) {
  // A column against a flat vector is compared sample by sample, not each with each.
  EXPECT_FLOAT_EQ(value(MeanSquaredError(), Array{1.f, 2.f, 3.f}, Array{{1.f}, {2.f}, {5.f}}), 4.f / 3);
  EXPECT_FLOAT_EQ(value(MeanSquaredError(), Array{{1.f}, {2.f}, {5.f}}, Array{1.f, 2.f, 3.f}), 4.f / 3);
  const auto shapes = [](const Shape& a, const Shape& b) {
    const auto [x, y] = squeeze_or_expand_to_same_rank(Tensor(graph::zeros(a)), Tensor(graph::zeros(b)));
    return std::pair{x.shape(), y.shape()};
  };
  EXPECT_EQ(shapes({4}, {4, 1}), (std::pair{Shape{4, 1}, Shape{4, 1}}));
  EXPECT_EQ(shapes({4, 1}, {4}), (std::pair{Shape{4, 1}, Shape{4, 1}}));
  EXPECT_EQ(shapes({4, 2, 1}, {4, 2}), (std::pair{Shape{4, 2}, Shape{4, 2}}));
  EXPECT_EQ(shapes({4, 2}, {4}), (std::pair{Shape{4, 2}, Shape{4}}));
  EXPECT_EQ(shapes({}, {1}), (std::pair{Shape{}, Shape{}}));
}

TEST(Loss, IntegerTargetsAreConverted) {
  EXPECT_FLOAT_EQ(value(MeanSquaredError(), Array{{1, 0}}, Array{{0.f, 0.f}}), 0.5f);
}

TEST(Loss, IsFoundByEveryNameOfKeras) {
  for (const char* name : {"mse", "MSE", "mean_squared_error", "MeanSquaredError"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "MeanSquaredError") << name;
  for (const char* name : {"mae", "MAE", "mean_absolute_error", "MeanAbsoluteError"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "MeanAbsoluteError") << name;
  for (const char* name : {"bce", "BCE", "binary_crossentropy", "BinaryCrossentropy"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "BinaryCrossentropy") << name;
  for (const char* name : {"categorical_crossentropy", "CategoricalCrossentropy"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "CategoricalCrossentropy");
  for (const char* name : {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"})
    EXPECT_EQ(Loss::from_name(name)->class_name(), "SparseCategoricalCrossentropy");
  EXPECT_EQ(registry().find("mse").aliases.front(), "mean_squared_error") << "files hold the long name";
  EXPECT_THAT(
      [] { Loss::from_name("mean_sqared_error"); },
      ThrowsMessage<ValueError>(AllOf(HasSubstr("unknown loss 'mean_sqared_error'"), HasSubstr("mean_squared_error"))));
}

TEST(Loss, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(
      [] { MeanSquaredError({.reduction = "average"}); },
      ThrowsMessage<ValueError>(AllOf(HasSubstr("unknown reduction 'average'"), HasSubstr("sum_over_batch_size"))));
  EXPECT_THAT(
      [] { MeanSquaredError({.dtype = "float16"}); },
      ThrowsMessage<TypeError>(HasSubstr("loss 'mean_squared_error' is computed in float32, got dtype 'float16'")));
  EXPECT_NO_THROW(MeanSquaredError({.dtype = "float32"}));
}

TEST(Loss, IsAnArgumentInEveryForm) {
  const auto first = [](const Arg<Loss>& loss) { return loss->class_name(); };
  EXPECT_EQ(first("mse"), "MeanSquaredError");
  EXPECT_EQ(first(MeanSquaredError()), "MeanSquaredError");
  EXPECT_EQ(first(mean_squared_error), "MeanSquaredError");
  const MeanSquaredError kept({.reduction = "sum"});
  EXPECT_EQ(Arg<Loss>(kept)->reduction(), "sum");
  const Arg<Loss> lambda = [](const Tensor& t, const Tensor& p) { return ops::sum(ops::abs(t - p), -1); };
  EXPECT_FLOAT_EQ(value(*lambda, kTrue, kFar), 2.f);
  EXPECT_FALSE(registry().contains(lambda->class_name()));
}

TEST(Loss, LambdasMayGiveAScalar) {
  const Arg<Loss> loss = [](const Tensor& t, const Tensor& p) { return ops::sum(ops::abs(t - p)); };
  EXPECT_FLOAT_EQ(value(*loss, kTrue, kFar), 4.f);
}

struct Doubled : Loss {
  Doubled() : Loss("sum", "doubled") {}
  Tensor call(const Tensor& t, const Tensor& p) const override { return ops::mean(2 * ops::abs(t - p), -1); }
};

TEST(Loss, OnesOwnClassInheritsReductionAndWeights) {
  const Arg<Loss> loss = Doubled();
  EXPECT_FLOAT_EQ(value(*loss, kTrue, kFar), 4.f);
  EXPECT_FLOAT_EQ(value(*loss, kTrue, kFar, Array{1.f, 0.f}), 1.f);
  EXPECT_EQ(loss->name(), "doubled");
}

TEST(Loss, FunctionsGiveOneValuePerSample) {
  EXPECT_TRUE(array_equal(evaluate(mean_squared_error(kTrue, kFar)), Array{0.5f, 4.5f}));
  EXPECT_TRUE(array_equal(evaluate(mean_absolute_error(kTrue, kPred)), Array{0.5f, 0.5f}));
}

TEST(Loss, HasAGradientByPredictions) {
  const Tensor p = kFar;
  EXPECT_TRUE(array_equal(evaluate(autodiff::gradients(MeanSquaredError()(kTrue, p), {p})[0]),
                          Array{{0.5f, 0.f}, {1.5f, 0.f}}));
}

TEST(Crossentropy, IsChosenByShapes) {
  EXPECT_EQ(labels_of({8, 1}, {8, 1}), Labels::binary);
  EXPECT_EQ(labels_of({8}, {8, 1}), Labels::binary);
  EXPECT_EQ(labels_of({8}, {8, 3}), Labels::sparse);
  EXPECT_EQ(labels_of({8, 1}, {8, 3}), Labels::sparse);
  EXPECT_EQ(labels_of({8, 3}, {8, 3}), Labels::categorical);
  const auto resolved = [](const Shape& t, const Shape& p) {
    return resolve(Loss::from_name("ce"), {graph::float32, t}, {graph::float32, p})->class_name();
  };
  EXPECT_EQ(resolved({8, 1}, {8, 1}), "BinaryCrossentropy");
  EXPECT_EQ(resolved({8}, {8, 3}), "SparseCategoricalCrossentropy");
  EXPECT_EQ(resolved({8, 3}, {8, 3}), "CategoricalCrossentropy");
  const Shared<Loss> mse = Loss::from_name("mse");
  EXPECT_EQ(resolve(mse, {}, {}), mse);
  EXPECT_FLOAT_EQ(value(*Loss::from_name("Crossentropy"), Array{1}, Array{{0.25f, 0.75f}}), -std::log(0.75f));
}

TEST(Loss, AMaskThatDoesNotFitIsNamed) {
  const Tensor mask = graph::ones({3}).astype(graph::bool_);
  EXPECT_THAT(
      [&] { MeanSquaredError()(kTrue, kPred, {}, mask); },
      ThrowsMessage<ShapeError>(HasSubstr(
          "loss 'mean_squared_error': a mask of shape (3,) cannot be multiplied to loss values of shape (2,)")));
  EXPECT_THAT(
      [&] {
        MeanSquaredError()(kTrue, kPred, Array{1.f, 1.f, 1.f}, Tensor(Array{1, 1}.astype(graph::bool_)));
      },
      ThrowsMessage<ShapeError>(HasSubstr("sample weights of shape (3,)")));
}

// json.dumps(MeanSquaredError(reduction=None).get_config()) of Keras 3.15.
TEST(Loss, AReductionOfNullIsNone) {
  const auto loss = saving::deserialize(registry(), R"({"class_name": "MeanSquaredError",
    "config": {"name": "mean_squared_error", "reduction": null}})");
  EXPECT_EQ(loss->reduction(), "none");
}

}  // namespace
}  // namespace cornu::keras::losses
