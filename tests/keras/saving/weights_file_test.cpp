// save_weights and load_weights.
#include <gmock/gmock.h>

#include "cornu/io/hdf5/reader.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/edited_file.h"
#include "tests/keras/saving/shared_files.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::equal_bits;
using tests::error_text;
using tests::small_network;

TEST(WeightsFileTest, ComeBackFromBothKindsOfFiles) {
  const tests::TemporaryFolder folder;
  const auto model = small_network();
  model.save_weights(folder / "weights.h5");
  model.save(folder / "model.h5");
  EXPECT_THAT(io::hdf5::File(folder / "weights.h5").root().texts("layer_names"), ElementsAre("dense", "dense_1"));
  for (const char* file : {"weights.h5", "model.h5"}) {
    auto other = small_network();
    ASSERT_FALSE(equal_bits(other.get_weights(), model.get_weights()));
    other.load_weights(folder / file);
    EXPECT_TRUE(equal_bits(other.get_weights(), model.get_weights())) << file;
  }
}

TEST(WeightsFileTest, AreTakenByTheOrderOfTheLayers) {
  const tests::TemporaryFolder folder;
  small_network().save_weights(folder / "weights.h5");
  models::Sequential renamed(
      {layers::Dense(4, {.name = "first", .input_shape = {5}}), layers::Dense(3, {.name = "second"})});
  renamed.load_weights(folder / "weights.h5");
  EXPECT_TRUE(equal_bits(renamed.get_weights()[2],
                         io::hdf5::File(folder / "weights.h5").root().dataset("dense_1/dense_1/kernel:0")));
}

TEST(WeightsFileTest, OtherDtypesAreConverted) {
  const tests::TemporaryFolder folder;
  small_network().save_weights(folder / "weights.h5");
  tests::ModelFile file(folder / "weights.h5");
  file.datasets["dense/dense/bias:0"] = Array{0.5, 1.5, 2.5, 3.5}.astype(graph::float64);
  file.write(folder / "changed.h5");
  auto model = small_network();
  model.load_weights(folder / "changed.h5");
  EXPECT_TRUE(equal_bits(model.get_weights()[1], Array{0.5f, 1.5f, 2.5f, 3.5f}));
}

TEST(WeightsFileTest, NothingChangesIfOneDoesNotFit) {
  const tests::TemporaryFolder folder;
  small_network().save_weights(folder / "weights.h5");
  models::Sequential wider({layers::Dense(4, {.input_shape = {5}}), layers::Dense(7)});
  const auto before = wider.get_weights();
  std::vector<Array> copies;
  for (const Array& weight : before) copies.push_back(weight.copy());
  EXPECT_THAT(
      error_text<FormatError>([&] { wider.load_weights(folder / "weights.h5"); }),
      testing::AllOf(
          HasSubstr((folder / "weights.h5").string()),
          HasSubstr("[Dense \"dense_1\"] expected shape (4, 7) for weight 'dense_1/kernel', the file holds (4, 3)")));
  EXPECT_TRUE(equal_bits(wider.get_weights(), copies));
  EXPECT_THAT(error_text<IoError>([&] { wider.load_weights(folder / "none.h5"); }), HasSubstr("none.h5"));
  models::Sequential unbuilt({layers::Dense(4)});
  EXPECT_THAT(error_text<ValueError>([&] { unbuilt.load_weights(folder / "weights.h5"); }),
              HasSubstr("model 'sequential' cannot load weights before it is built"));
  EXPECT_THAT(error_text<ValueError>([&] { unbuilt.save_weights(folder / "other.h5"); }),
              HasSubstr("cannot be saved before it is built"));
}

TEST(WeightsFileTest, LongListsOfNamesAreReadInParts) {
  const tests::TemporaryFolder folder;
  small_network().save_weights(folder / "weights.h5");
  tests::ModelFile file(folder / "weights.h5");
  file.lists.erase("@layer_names");
  file.lists["@layer_names0"] = {"dense"}, file.lists["@layer_names1"] = {"dense_1"};
  file.write(folder / "parts.h5");
  auto model = small_network();
  model.load_weights(folder / "parts.h5");
  EXPECT_TRUE(equal_bits(model.get_weights()[3], file.datasets["dense_1/dense_1/bias:0"]));
}

}  // namespace
}  // namespace cornu::keras
