#include <gmock/gmock.h>

#include "cornu/keras/callbacks/tensorboard.h"
#include "cornu/keras/layers/convolutional/conv.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/sequential.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/callbacks/written_log.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::TemporaryFolder;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::WrittenLog;

Array images(std::int64_t n) { return (graph::arange(0, static_cast<double>(n * 64)) / 640).reshape({n, 8, 8, 1}); }

/// What a fit with these arguments writes.
WrittenLog written(models::Model model, TensorBoardConfig config) {
  const TemporaryFolder folder;
  config.log_dir = folder.path();
  config.histogram_freq = 1;
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const Array y = graph::zeros(model.output_shape().with(0, 10));
  model.fit(images(10), y,
            {.batch_size = 5, .verbose = 0, .callbacks = {TensorBoard(config)}, .validation_data = {images(10), y}});
  return WrittenLog(folder / "train");
}

/// (width, height) of the images under a tag, and how many there are.
std::vector<std::string> sizes(const WrittenLog& log, const std::string& tag) {
  const auto& strings = log.summaries.at(tag)[0].second.strings;
  return {strings.at(0), strings.at(1), std::to_string(strings.size() - 2)};
}

models::Sequential convnet() {
  return models::Sequential(
      {layers::Input({.shape = {8, 8, 1}}), layers::Conv2D(6, 3, {.name = "c"}),
       layers::Conv2D(4, 3, {.strides = 2, .name = "d"}), layers::Flatten(), layers::Dense(2, {.name = "e"})},
      "net");
}

TEST(TensorBoardOfAConvnet, WritesKernelsAndFeatureMapsAsImages) {
  const WrittenLog log = written(convnet(), {.write_images = true, .feature_map_samples = 2});
  EXPECT_THAT(log.tags("/image"),
              ElementsAre("net/c/activation/image", "net/c/bias/image", "net/c/kernel/image", "net/d/activation/image",
                          "net/d/bias/image", "net/d/kernel/image", "net/e/bias/image", "net/e/kernel/image"));
  EXPECT_THAT(sizes(log, "net/c/kernel/image"), ElementsAre("11", "7", "1")) << "six of 3 x 3, three in a row";
  EXPECT_THAT(sizes(log, "net/d/kernel/image"), ElementsAre("15", "23", "1")) << "a column for each of the outputs";
  EXPECT_THAT(sizes(log, "net/c/activation/image"), ElementsAre("20", "13", "2")) << "six of 6 x 6 for each sample";
  EXPECT_THAT(sizes(log, "net/d/activation/image"), ElementsAre("5", "5", "2"));
}

TEST(TensorBoardOfAConvnet, WritesNoFeatureMapsUnlessAsked) {
  EXPECT_THAT(written(convnet(), {}).tags("/image"), IsEmpty());
  EXPECT_THAT(written(convnet(), {.write_images = true}).tags("activation/image"), IsEmpty());
  models::Sequential without({layers::Flatten({.input_shape = {8, 8, 1}}), layers::Dense(2)});
  EXPECT_THAT(written(without, {.feature_map_samples = 2}).tags("/image"), IsEmpty());
}

TEST(TensorBoardOfAConvnet, FeatureMapsOfChannelsFirstAndOfALayerThatIsUsedTwice) {
  const auto image = layers::Input({.shape = {8, 8, 1}});
  const layers::Conv2D twice(1, 3, {.padding = "same", .name = "twice"});
  const layers::Conv2D first(2, 1, {.data_format = "channels_first", .name = "first"});  // of eight channels of 8 x 1
  const WrittenLog log =
      written(models::Model(image, layers::Flatten()(first(twice(twice(image))))), {.feature_map_samples = 1});
  EXPECT_THAT(log.tags("activation/image"), ElementsAre("first/activation/image", "twice/activation/image"));
  EXPECT_THAT(log.tags("activation_1/image"), ElementsAre("twice/activation_1/image"));
  EXPECT_THAT(sizes(log, "first/activation/image"), ElementsAre("3", "8", "1"));
}

// As real Keras names the weights of these models.
TEST(TensorBoardOfAConvnet, NamesNestedLayersAsKeras) {
  const auto image = layers::Input({.shape = {8, 8, 1}}), small = layers::Input({.shape = {4, 4, 2}});
  const models::Sequential block({layers::Conv2D(2, 3, {.name = "c2"}), layers::BatchNormalization({.name = "bn"})},
                                 "block");
  const models::Model part(
      {.inputs = {small}, .outputs = {layers::Conv2D(2, 2, {.name = "c3"})(small)}, .name = "fun"});
  const auto x = part(block(layers::Conv2D(2, 3, {.name = "c1"})(image)));
  const models::Model model(
      {.inputs = {image}, .outputs = {layers::Dense(3, {.name = "d"})(layers::Flatten()(x))}, .name = "net"});
  const auto tags = written(model, {}).tags("/histogram");
  for (const char* tag :
       {"c1/kernel/histogram", "block/c2/kernel/histogram", "block/c2/kernel/gradient/histogram",
        "block/c2/activation/histogram", "block/bn/gamma/histogram", "block/bn/moving_variance/histogram",
        "c3/kernel/histogram", "c3/activation/histogram", "d/bias/histogram"})
    EXPECT_THAT(tags, Contains(tag));

  const models::Sequential own({layers::Input({.shape = {6, 6, 2}}), layers::Conv2D(2, 3, {.name = "c2"})}, "own");
  models::Sequential row({layers::Input({.shape = {8, 8, 1}}), layers::Conv2D(2, 3, {.name = "c1"})}, "row");
  row.add(own);
  row.add(models::Sequential({layers::Conv2D(2, 1, {.name = "c4"})}, "later"));
  const auto in_a_row = written(row, {}).tags("/histogram");
  for (const char* tag : {"row/c1/kernel/histogram", "own/c2/kernel/histogram", "row/later/c4/kernel/histogram"})
    EXPECT_THAT(in_a_row, Contains(tag));
}

TEST(TensorBoardOfAConvnet, LayersOfOneNameAreToldApart) {
  const auto image = layers::Input({.shape = {8, 8, 1}}), small = layers::Input({.shape = {6, 6, 2}});
  const models::Model part({.inputs = {small}, .outputs = {layers::Conv2D(2, 2, {.name = "c"})(small)}, .name = "fun"});
  const models::Model model(
      {.inputs = {image}, .outputs = {part(layers::Conv2D(2, 3, {.name = "c"})(image))}, .name = "net"});
  EXPECT_THAT(written(model, {}).tags("kernel/histogram"),
              ElementsAre("c/kernel/histogram", "net/fun/c/kernel/histogram"));
}

TEST(TensorBoardOfAConvnet, SaysWhatIsWrong) {
  EXPECT_EQ(cornu::tests::error_text<ValueError>([] { TensorBoard({.feature_map_samples = -1}); }),
            "TensorBoard: feature_map_samples must be at least 0, got -1");
}

}  // namespace
}  // namespace cornu::keras::callbacks
