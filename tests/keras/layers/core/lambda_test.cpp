#include "cornu/keras/layers/core/lambda.h"

#include <gmock/gmock.h>

#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using testing::HasSubstr;
using tests::call_layer;
using tests::error_text;

const bool function_known = register_function("square_of_lambda_test", [](const Tensor& x) { return ops::square(x); });

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Lambda",
       .config = R"({"function": "square_of_lambda_test", "function_type": "function", BASE})",
       .example = {
           .inputs = {tests::some({3, 4, 2})}, .free_axes = {1, 2}, .mask = cornu::tests::LayerExample::Mask::none}}};
});

const Array kX{{1.f, -2.f}, {3.f, 0.5f}};

TEST(LambdaTest, ComputesItsFunction) {
  ASSERT_TRUE(function_known);
  EXPECT_TRUE(array_equal(call_layer(Lambda("square_of_lambda_test"), {kX}).output(), kX * kX));
  EXPECT_TRUE(array_equal(call_layer(Lambda([](const Tensor& x) { return x * 0.5; }), {kX}).output(), kX / 2.f));
}

TEST(LambdaTest, TakesMasksAway) {
  EXPECT_FALSE(call_layer(Lambda([](const Tensor& x) { return x * 2.0; }), {kX}, {Array{true, false}}).mask);
  EXPECT_FALSE(call_layer(Lambda([](const Tensor& x) { return x; }), {kX}, {Array{true, false}}).mask);
}

TEST(LambdaTest, AFunctionIsReadByNameFromFilesOfBothKerases) {
  // As Keras 3.15 writes `Lambda(f)` of a function that is no lambda, and as Keras 2.15 does.
  const auto read = [](const std::string& config, saving::KerasVersion version) {
    return saving::deserialize(registry(), R"({"class_name": "Lambda", "config": )" + config + "}", version);
  };
  const auto three = read(R"({"name": "l", "trainable": true, "dtype": "float32", "arguments": {}, "function":
      {"module": "builtins", "class_name": "function", "config": "square_of_lambda_test", "registered_name": "function"}})",
                          saving::KerasVersion::keras3);
  EXPECT_TRUE(array_equal(call_layer(three, {kX}).output(), kX * kX));
  const auto two = read(R"({"name": "l", "trainable": true, "dtype": "float32", "function": "square_of_lambda_test",
      "function_type": "function", "module": "__main__", "output_shape": null, "output_shape_type": "raw",
      "output_shape_module": null, "arguments": {}})",
                        saving::KerasVersion::keras2);
  EXPECT_TRUE(array_equal(call_layer(two, {kX}).output(), kX * kX));
}

TEST(LambdaTest, UnknownAndMissingFunctionsAreRefused) {
  const std::string text = error_text<ValueError>([] { Lambda("no_such_function", {.name = "l"}); });
  EXPECT_THAT(text, HasSubstr("[Lambda \"l\"] there is no function 'no_such_function'; known: "));
  EXPECT_THAT(text, HasSubstr("square_of_lambda_test"));
  EXPECT_EQ(error_text<ValueError>([] { Lambda(); }),
            "[Lambda] expected a function: its registered name, or the function itself");
  EXPECT_EQ(
      error_text<ValueError>([] { register_function("square_of_lambda_test", [](const Tensor& x) { return x; }); }),
      "a function named 'square_of_lambda_test' is already registered");
  EXPECT_THROW(register_function("", [](const Tensor& x) { return x; }), ValueError);
  EXPECT_THAT(error_text<ValueError>([] { Lambda("square_of_lambda_test", {.function_type = "lambda"}); }),
              HasSubstr("its function is a Python lambda, which only Python can run"));
}

TEST(LambdaTest, AFunctionWithoutANameCannotBeSaved) {
  const models::Sequential model({Lambda([](const Tensor& x) { return x * 0.5; }, {.name = "l", .input_shape = {2}})});
  EXPECT_THAT(error_text<ValueError>([&] { model.to_json(); }),
              HasSubstr("layer 'l' cannot be saved: its function has no name"));
}

}  // namespace
}  // namespace cornu::keras::layers
