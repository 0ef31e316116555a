// Files of graphs of layers, and what is kept when layers or names change between saving and loading.
#include <gmock/gmock.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/operations/arithmetic.h"
#include "cornu/keras/operations/elementwise.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/models/two_towers.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::CapturedStream;
using cornu::tests::data;
using cornu::tests::error_text;
using cornu::tests::TemporaryFolder;
using cornu::tests::two_towers;
using layers::Dense;
using layers::Input;
using testing::HasSubstr;

const Arrays kX = {data(6, 2, 3), data(6, 2, 7)};
const Arrays kY = {Array(std::vector<std::int64_t>{0, 1, 2, 0, 1, 2}), Array{{0.f}, {1.f}, {0.f}, {1.f}, {0.f}, {1.f}}};

TEST(GraphFiles, ASavedModelTrainsOnWithTheSameBits) {
  const TemporaryFolder folder;
  Model model = two_towers();
  model.compile({.optimizer = "adam",
                 .loss = {{"digit", "sparse_categorical_crossentropy"}, {"same", "binary_crossentropy"}},
                 .loss_weights = {{"digit", 1.0}, {"same", 0.5}},
                 .metrics = {{"digit", {"accuracy"}}, {"same", {"mae"}}}});
  model.train_on_batch(kX, kY);
  model.save(folder / "m.h5");
  Model loaded = load_model(folder / "m.h5");
  EXPECT_EQ(loaded.input_names(), model.input_names());
  EXPECT_EQ(loaded.output_names(), model.output_names());
  for (int i = 0; i < 3; ++i) {
    const Logs a = model.train_on_batch(kX, kY), b = loaded.train_on_batch(kX, kY);
    for (const char* name : {"loss", "digit_loss", "same_loss", "digit_accuracy", "same_mae"})
      EXPECT_EQ(a[name], b[name]) << name;
  }
  EXPECT_EQ(loaded.metrics_names(), model.metrics_names());
}

TEST(GraphFiles, OperationsAreReadFromBothForms) {
  const TemporaryFolder folder;
  const Input x({.shape = {2}, .name = "x"});
  const auto a = Dense(2, {.name = "a"})(x);
  const Model model(x, (a * 0.5 + ops::relu(a) - 1.0) / 2.0 - 0.25 * (1.0 - a));
  model.save(folder / "m.h5");
  EXPECT_TRUE(array_equal(load_model(folder / "m.h5").predict(kX[0]), model.predict(kX[0])));
  Model from_json = model_from_json(model.to_json());
  from_json.set_weights(model.get_weights());
  EXPECT_TRUE(array_equal(from_json.predict(kX[0]), model.predict(kX[0])));

  // As a .h5 of Keras 3 holds them: without their modules.
  auto json = nlohmann::json::parse(model.to_json());
  for (auto& layer : json["config"]["layers"]) layer.erase("module"), layer.erase("registered_name");
  Model without_modules = model_from_json(json.dump());
  without_modules.set_weights(model.get_weights());
  EXPECT_TRUE(array_equal(without_modules.predict(kX[0]), model.predict(kX[0])));
}

// By position the weights of a layer that was frozen, which came last in the file, would be another's.
// Keras 3 writes the default of each call's `training`; what counts is what the model does.
TEST(GraphFiles, TrainingOfCallsInKeras3sFormIsLeftToTheModel) {
  const Input x({.shape = {64}});
  const Model model(x, layers::Dropout(0.5, {.name = "drop"})(x));
  const Array ones = graph::ones({1, 64});
  for (const bool written : {false, true}) {
    auto json = nlohmann::json::parse(model.to_json());
    json["config"]["layers"][1]["inbound_nodes"][0]["kwargs"]["training"] = written;
    const Model read = model_from_json(json.dump());
    EXPECT_TRUE(array_equal(read.predict(ones), ones)) << written;
    const Function trains([&](const Tensor& t) {
      Context ctx(true);
      return read(t, ctx);
    });
    EXPECT_FALSE(array_equal(trains(ones), ones)) << written;
  }
}

TEST(GraphFiles, TrainingThatWasGivenStaysInCopies) {
  const Input x({.shape = {64}});
  const Model model(x, layers::Dropout(0.5)(x, {.training = true}));
  const Array ones = graph::ones({1, 64});
  for (const Model& copy : {model, clone_model(model), model_from_json(model.to_json())})
    EXPECT_FALSE(array_equal(copy.predict(ones), ones));
}

TEST(GraphFiles, WeightsAreMatchedByNameWhenFrozenInBetween) {
  const TemporaryFolder folder;
  const auto make = [](bool trainable) {
    Sequential inner({Dense(3, {.name = "a", .trainable = trainable, .input_shape = {3}}), Dense(3, {.name = "b"})},
                     "inner");
    Sequential outer({Dense(3, {.name = "first", .input_shape = {2}})}, "outer");
    outer.add(inner);
    return outer;
  };
  const Sequential frozen = make(false);
  frozen.save_weights(folder / "w.h5");
  Sequential free = make(true);
  free.load_weights(folder / "w.h5");
  EXPECT_TRUE(array_equal(free.predict(kX[0]), frozen.predict(kX[0])));
}

TEST(GraphFiles, WeightsAreLoadedByNameAndMismatchesSkipped) {
  const TemporaryFolder folder;
  const Model model = two_towers();
  model.save_weights(folder / "w.h5");
  const Input x({.shape = {2}});
  const auto h = Dense(2, {.name = "shared"})(x);
  Model other(x, Dense(4, {.name = "digit"})(h), "other");
  EXPECT_THAT(error_text<FormatError>([&] { other.load_weights(folder / "w.h5"); }),
              HasSubstr("expected weights of 2 layers, the file holds those of 3"));
  EXPECT_THAT(error_text<Error>([&] { other.load_weights(folder / "w.h5", {.by_name = true}); }), HasSubstr("digit"));
  const Array before = other.get_layer("digit")->get_weights()[0].copy();
  EXPECT_FALSE(array_equal(other.get_layer("shared")->get_weights()[0], model.get_layer("shared")->get_weights()[0]));
  std::string said;
  {
    const CapturedStream err(std::cerr);
    other.load_weights(folder / "w.h5", {.by_name = true, .skip_mismatch = true});
    said = err.text();
  }
  EXPECT_THAT(said, HasSubstr("digit"));
  EXPECT_TRUE(array_equal(other.get_layer("shared")->get_weights()[0], model.get_layer("shared")->get_weights()[0]));
  EXPECT_TRUE(array_equal(other.get_layer("digit")->get_weights()[0], before));
}

TEST(GraphFiles, NamesOfFilesSayTheForm) {
  const TemporaryFolder folder;
  const Model model = two_towers();
  EXPECT_THAT(error_text<ValueError>([&] { model.save(folder / "a"); }), HasSubstr(".h5"));
  EXPECT_THAT(error_text<ValueError>([&] { model.save(folder / "a.tf"); }), HasSubstr(".h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
}

}  // namespace
}  // namespace cornu::keras::models
