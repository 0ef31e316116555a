#include "cornu/keras/layers/preprocessing/pipeline.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/masking.h"
#include "cornu/keras/layers/preprocessing/random_flip.h"
#include "cornu/keras/layers/preprocessing/rescaling.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::run_layer;

const std::string kLayers = R"({"layers": [{"class_name": "Rescaling", "config": {"scale": 2.0, "name": "r"}},
                                           {"class_name": "Dense", "config": {"units": 3, "name": "d"}}], )";

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Pipeline",
       .config = kLayers + R"("name": "n", "trainable": true, "dtype": "float32", "batch_input_shape": [4, 6, null]})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 5, 4})}, .config = kLayers + "BASE}", .free_axes = {1}}}};
});

TEST(PipelineTest, DoesOneAfterTheOther) {
  const Pipeline both({Rescaling(2.), Rescaling(1., {.offset = 1})});
  EXPECT_TRUE(array_equal(run_layer(both, Array{1.f, 3.f}).output, Array{3.f, 7.f}));
  EXPECT_TRUE(array_equal(run_layer(Pipeline(), Array{1.f, 3.f}).output, Array{1.f, 3.f}));
  const Pipeline random({RandomFlip("horizontal", {.seed = 1}), Rescaling(2.)});
  const Array x = tests::some({16, 3, 3, 1});
  EXPECT_TRUE(array_equal(run_layer(random, x).output, x * 2)) << "not in training";
  EXPECT_FALSE(array_equal(run_layer(random, x, true).output, x * 2));
}

TEST(PipelineTest, MasksGoOn) {
  const Array x = Array{0.f, 1.f, 2.f, 0.f}.reshape({2, 2, 1});
  const auto call = call_layer(Pipeline({Masking(), Rescaling(2.)}), {x});
  ASSERT_TRUE(call.mask);
  EXPECT_TRUE(array_equal(*call.mask, Array{false, true, true, false}.reshape({2, 2})));
  EXPECT_FALSE(call_layer(Pipeline({Masking(), Flatten()}), {x}).mask);
}

TEST(PipelineTest, FilesHoldItsLayersAndTheirWeights) {
  models::Sequential model;
  model.add(Pipeline({Rescaling(0.5), Dense(3), Dense(2)}, {.input_shape = {4}}));
  const Array x = tests::some({3, 4}), want = model.predict(x);
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.keras");
  EXPECT_TRUE(array_equal(models::load_model(folder.path() / "m.keras").predict(x), want));
  const std::string keras3 = saving::serialize(*model.layers()[0], saving::KerasVersion::keras3);
  EXPECT_EQ(keras3.find("\"trainable\":true,\"dtype\":{", keras3.rfind("}}]")), std::string::npos) << keras3;
}

}  // namespace
}  // namespace cornu::keras::layers
