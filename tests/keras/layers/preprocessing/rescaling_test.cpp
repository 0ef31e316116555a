#include "cornu/keras/layers/preprocessing/rescaling.h"

#include <gmock/gmock.h>

#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{{.kind = "layer",
                                     .class_name = "Rescaling",
                                     .config = R"({"scale": 0.5, "offset": [1.0, -2.0], BASE})",
                                     .example = {.inputs = {tests::some({3, 4, 2})}, .free_axes = {1}}}};
});

TEST(RescalingTest, ComputesInFrontOfAModelAndInIt) {
  const Array bytes = Array{0, 51, 255}.astype(uint8).reshape({3, 1});
  const Array want{{-1.f}, {-0.6f}, {1.f}};
  EXPECT_TRUE(allclose(Rescaling(1. / 127.5, -1)(bytes), want, 1e-6, 1e-6));
  const models::Sequential model({Rescaling({.scale = 1. / 127.5, .offset = -1, .input_shape = {1}})});
  EXPECT_TRUE(allclose(model.predict(bytes), want, 1e-6, 1e-6));
  EXPECT_TRUE(array_equal(Rescaling(2)(Array{{1, 2}}), Array{{2.f, 4.f}})) << "integers become floats";
}

TEST(RescalingTest, TakesANumberForEachChannel) {
  const Rescaling layer({.scale = {1, 2}, .offset = {0, 1}});
  EXPECT_TRUE(array_equal(layer(Array{{1, 2}, {3, 4}}), Array{{1.f, 5.f}, {3.f, 9.f}}));
  EXPECT_THAT(saving::serialize(*layer, saving::KerasVersion::keras3),
              testing::HasSubstr(R"("scale":[1.0,2.0],"offset":[0.0,1.0])"));
  const Shared<Layer> numpy = saving::deserialize(
      registry(),
      R"({"class_name": "Rescaling", "config": {"scale": {"class_name": "__numpy__", "config": {"value": [[1, 2], [3, 4]], "dtype": "float32"}}}})");
  EXPECT_TRUE(array_equal(numpy(graph::ones({1, 2, 2})), Array{{{1.f, 2.f}, {3.f, 4.f}}}));
}

TEST(RescalingTest, ErrorsSayWhatWasExpected) {
  EXPECT_EQ(error_text<ValueError>([] { Rescaling({.name = "r"}); }),
            "[Rescaling \"r\"] expected a scale and an offset, got none");
  const auto read = [](const std::string& scale) {
    return error_text<FormatError>(
        [&] { saving::deserialize(registry(), R"({"class_name": "Rescaling", "config": {"scale": )" + scale + "}}"); });
  };
  EXPECT_THAT(read("[1, [2]]"), testing::HasSubstr("'scale' needs a number"));
  EXPECT_THAT(read("[[1, 2], [3]]"), testing::HasSubstr("'scale' needs a number or lists of numbers of one length"));
  EXPECT_THAT(read("[[[[[[[[[1]]]]]]]]]"), testing::HasSubstr("'scale' needs a number"));
  EXPECT_THAT(read(R"("much")"), testing::HasSubstr("'scale' needs a number"));
  EXPECT_THAT(read(R"({"config": 3})"), testing::HasSubstr("'scale' needs a number"));
}

}  // namespace
}  // namespace cornu::keras::layers
