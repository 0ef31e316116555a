// What holds in training for every layer that changes pictures by chance.

#include <gtest/gtest.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/preprocessing/random_crop.h"
#include "cornu/keras/layers/preprocessing/random_flip.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"

namespace cornu::keras::layers {
namespace {

using tests::run_layer;

class RandomPictures : public testing::TestWithParam<std::pair<const char*, const char*>> {
 protected:
  Shared<Layer> make(const std::string& policy = "float32") const {
    const auto& [name, arguments] = GetParam();
    return saving::deserialize(registry(), std::string(R"({"class_name": ")") + name + R"(", "config": {)" + arguments +
                                               R"(, "seed": 1, "dtype": ")" + policy + R"("}})");
  }
};

TEST_P(RandomPictures, NoPicturesStayNone) {
  const Shared<Layer> layer = make();
  const Array y = run_layer(layer, graph::zeros({0, 5, 6, 3}), true).output;
  EXPECT_EQ(y.shape(), run_layer(layer, graph::zeros({2, 5, 6, 3}), true).output.shape().with(0, 0));
}

TEST_P(RandomPictures, Bfloat16IsNearFloat32) {
  const Array x = tests::some({2, 5, 6, 3});
  const Array narrow = run_layer(make("mixed_bfloat16"), x, true).output;
  EXPECT_EQ(narrow.dtype(), bfloat16);
  EXPECT_TRUE(allclose(narrow.astype(float32), run_layer(make(), x, true).output, 0.04, 0.04));
}

TEST_P(RandomPictures, GradientsFlowToThePictures) {
  const Shared<Layer> layer = make();
  const Array x = tests::some({2, 5, 6, 3});
  const Array g = Function([&](const Tensor& t) {
    Context ctx(true);
    return autodiff::gradients(ops::sum((*layer)(t, ctx)), {t})[0];
  })(x);
  EXPECT_EQ(g.shape(), x.shape());
  EXPECT_NE(graph::max(g).item<float>(), 0);
}

INSTANTIATE_TEST_SUITE_P(, RandomPictures,
                         testing::Values(std::pair{"RandomFlip", R"("mode": "horizontal")"},
                                         std::pair{"RandomCrop", R"("height": 3, "width": 4)"},
                                         std::pair{"RandomRotation", R"("factor": 0.1)"},
                                         std::pair{"RandomZoom", R"("height_factor": 0.2, "fill_mode": "wrap")"},
                                         std::pair{"RandomTranslation", R"("height_factor": 0.2, "width_factor": 0.1)"},
                                         std::pair{"RandomContrast", R"("factor": 0.2, "value_range": [-2, 2])"},
                                         std::pair{"RandomBrightness", R"("factor": 0.2, "value_range": [-2, 2])"},
                                         std::pair{"RandomShear", R"("x_factor": 0.2, "y_factor": 0.1)"},
                                         std::pair{"RandomPerspective", R"("factor": 1.0, "scale": 0.3)"},
                                         std::pair{"RandomElasticTransform", R"("scale": 0.9, "value_range": [-2, 2])"},
                                         std::pair{"RandomGaussianBlur", R"("value_range": [-2, 2])"},
                                         std::pair{"RandomSharpness", R"("factor": 0.7, "value_range": [-2, 2])"},
                                         std::pair{"RandomColorDegeneration",
                                                   R"("factor": 0.7, "value_range": [-2, 2])"},
                                         std::pair{"RandomGrayscale", R"("factor": 0.5)"},
                                         std::pair{"RandomInvert", R"("value_range": [-1, 1])"},
                                         std::pair{"MixUp", R"("alpha": 0.5)"}, std::pair{"CutMix", R"("factor": 0.9)"},
                                         std::pair{"RandomErasing", R"("scale": 0.2, "value_range": [-2, 2])"}),
                         [](const auto& info) { return info.param.first; });

// Which says how Keras is given boxes along with the pictures.
TEST(RandomPicturesTest, FormatsOfBoxesInFilesArePassedOver) {
  const auto layer = saving::deserialize(
      registry(), R"({"class_name": "RandomFlip", "config": {"mode": "vertical", "bounding_box_format": "xyxy"}})");
  EXPECT_EQ(get_config(*layer), get_config(*RandomFlip("vertical")));
}

TEST(RandomPicturesTest, InAModelTheyTrainWithIt) {
  models::Sequential model;
  model.add(RandomFlip("horizontal", {.seed = 1, .input_shape = {kUnknown, kUnknown, 1}}));
  model.add(RandomCrop(3, 4, {.seed = 2}));
  model.add(Flatten());
  model.add(Dense(1));
  EXPECT_EQ(model.layers().back()->input_shape(), (Shape{kUnknown, 12}));
  model.compile({.optimizer = "sgd", .loss = "mean_squared_error"});
  EXPECT_NO_THROW(model.fit(tests::some({4, 5, 6, 1}), graph::zeros({4, 1}), {.epochs = 2, .verbose = 0}));
  EXPECT_EQ(model.predict(tests::some({2, 3, 4, 1})).shape(), (Shape{2, 1}));
}

}  // namespace
}  // namespace cornu::keras::layers
