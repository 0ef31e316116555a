// Files that hold what their model computed.
#include <gmock/gmock.h>

#include "cornu/keras/layers/convolutional/conv.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/layers/pooling/global_pooling.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/edited_file.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using testing::HasSubstr;
using tests::error_text;

TEST(SelfTest, HoldsForTheModelThatWasSaved) {
  const tests::TemporaryFolder folder;
  models::Model model = tests::small_network();
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  for (const std::string form : {"a.h5", "a.keras"}) {
    model.save(folder / form, {.self_test = true});
    const auto loaded = models::load_model(folder / form);
    EXPECT_TRUE(tests::equal_bits(model.predict(tests::some_inputs()), loaded.predict(tests::some_inputs())));
    EXPECT_EQ(loaded.layers()[1]->name(), "dense_1");
    loaded.save(folder / ("again_" + form), {.self_test = true});
    EXPECT_TRUE(tests::read_text(folder / form) == tests::read_text(folder / ("again_" + form)));
  }
}

TEST(SelfTest, SaysWhichLayerDiffersFirst) {
  const tests::TemporaryFolder folder;
  models::Sequential model({layers::Dense(3, {.name = "first", .input_shape = {2}}), layers::Dropout(0.5),
                            layers::Dense(3, {.name = "second"}), layers::Dense(1, {.name = "third"})});
  model.save(folder / "a.h5", {.self_test = true});
  tests::ModelFile file(folder / "a.h5");
  file.datasets["model_weights/second/second/bias:0"] = Array{0.f, 0.5f, 0.f};
  file.write(folder / "other.h5");
  EXPECT_EQ(error_text<FormatError>([&] { models::load_model(folder / "other.h5"); }),
            (folder / "other.h5").string() +
                ": self test: [Dense \"second\"] does not compute what it did when the file was written; the layers "
                "before it do");
}

// Whole numbers, lengths that nobody knows and windows that need long ones, several inputs.
TEST(SelfTest, MakesUpInputs) {
  const tests::TemporaryFolder folder;
  const auto words = layers::Input({.shape = {kUnknown}, .dtype = "int32"});
  const auto sound = layers::Input({.shape = {kUnknown, 1}});
  const auto a = layers::GlobalAveragePooling1D()(layers::Embedding(2, 3)(words));
  const auto b = layers::GlobalAveragePooling1D()(layers::Conv1D(3, 20)(sound));
  const models::Model model({words, sound}, layers::add({a, b}));
  model.save(folder / "a.keras", {.self_test = true});
  EXPECT_EQ(models::load_model(folder / "a.keras").inputs().size(), 2);
}

}  // namespace
}  // namespace cornu::keras
