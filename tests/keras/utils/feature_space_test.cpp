#include "cornu/keras/utils/feature_space.h"

#include <gmock/gmock.h>

#include "cornu/keras/data/dataset.h"
#include "cornu/keras/data/strings.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/preprocessing/string_lookup.h"
#include "cornu/keras/layers/preprocessing/text_vectorization.h"
#include "cornu/keras/models/model.h"
#include "tests/io/mutations.h"

namespace cornu::keras::utils {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;

Arrays passengers() {
  return {{"age", Array{20.f, 30.f, 40.f, 60.f}},
          {"sex", Strings{"m", "f", "f", "x"}.array()},
          {"cls", Array{1, 3, 3, 2}},
          {"fare", Array{0.5f, 10.f, 20.f, 200.f}},
          {"cabin", Strings{"A1", "B2", "A1", ""}.array()}};
}

FeatureSpaceConfig every_kind() {
  return {.features = {{"age", "float_normalized"},
                       {"sex", "string_categorical"},
                       {"cls", FeatureSpace::integer_categorical({.max_tokens = 3})},
                       {"fare", FeatureSpace::float_discretized({.num_bins = 3})},
                       {"cabin", FeatureSpace::string_hashed({.num_bins = 3})}},
          .crosses = {{"sex", "cls"}},
          .crossing_dim = 5};
}

// What keras 3.15 gives.
const Array kEncoded{
    {-1.183216f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f, 0.f, 0.f, 1.f, 1.f, 0.f, 0.f, 0.f, 0.f},
    {-0.507093f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f},
    {0.169031f, 1.f, 0.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f, 1.f, 0.f, 1.f, 0.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f},
    {1.521278f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f}};
const Array kOther{0.845154f, 0.f, 1.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 1.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 1.f};

TEST(FeatureSpaceTest, EncodesAsKerasDoes) {
  FeatureSpace space(every_kind());
  space.adapt(passengers());
  const Arrays encoded = space(passengers());
  EXPECT_TRUE(allclose(encoded[0], kEncoded, 0, 1e-5)) << encoded[0];
  const Arrays one = space({{"age", Array::scalar(50.f)},
                            {"sex", Strings({"q"}, Shape()).array()},
                            {"cls", Array::scalar(9)},
                            {"fare", Array::scalar(1.f)},
                            {"cabin", Strings({"Z"}, Shape()).array()}});
  EXPECT_TRUE(allclose(one[0], kOther, 0, 1e-5)) << one[0];
}

TEST(FeatureSpaceTest, LearnsFromADataset) {
  FeatureSpace space(every_kind());
  const auto rows = data::Dataset::from_tensor_slices(data::Element(passengers()));
  space.adapt(rows.batch(3));
  EXPECT_TRUE(allclose(space(passengers())[0], kEncoded, 0, 1e-5));
  std::int64_t n = 0;
  for (const data::Element& e : rows.map([&](const data::Element& row) { return data::Element(space(row.x())); }))
    EXPECT_TRUE(allclose(e[0], kEncoded[n++], 0, 1e-5));
  EXPECT_EQ(n, 4);
}

TEST(FeatureSpaceTest, GivesFeaturesByName) {
  FeatureSpace space({.features = {{"sex", FeatureSpace::string_categorical({.output_mode = "int"})},
                                   {"r", FeatureSpace::float_rescaled({.scale = 2, .offset = 1})},
                                   {"h", "integer_hashed"}},
                      .output_mode = "dict",
                      .hashing_dim = 4});
  space.adapt({{"sex", Strings{"a", "b", "b"}.array()}, {"r", Array{1.f, 2.f, 3.f}}, {"h", Array{1, 2, 3}}});
  const Arrays out = space({{"sex", Strings{"b", "z"}.array()}, {"r", Array{1.f, 2.f}}, {"h", Array{1, 7}}});
  EXPECT_THAT(out.names(), ElementsAre("h", "r", "sex"));
  EXPECT_TRUE(array_equal(out["h"], Array{{0.f, 1.f, 0.f, 0.f}, {1.f, 0.f, 0.f, 0.f}}));
  EXPECT_TRUE(array_equal(out["r"], Array{{3.f}, {5.f}}));
  EXPECT_TRUE(array_equal(out["sex"], Array{{1}, {0}}.astype(graph::int64)));
  EXPECT_EQ(space.get_encoded_feature_dict().size(), 3u);
  EXPECT_THAT(error_text<ValueError>([&] { space.get_encoded_features(); }), HasSubstr("there is no one tensor"));
}

TEST(FeatureSpaceTest, IsAPartOfModelsAndIsSavedWithThem) {
  const tests::TemporaryFolder folder;
  FeatureSpace space(every_kind());
  space.adapt(passengers());
  models::Model model(space.get_inputs(), layers::Dense(1, {.activation = "sigmoid"})(space.get_encoded_features()));
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy"});
  const Array y{0.f, 1.f, 1.f, 0.f};
  EXPECT_EQ(model.fit(passengers(), y, {.epochs = 2, .verbose = 0})["loss"].size(), 2u);
  model.fit(data::Dataset::from_tensor_slices(data::Element(passengers(), y)).batch(2), {.verbose = 0});
  const Arrays predicted = model.predict(passengers());
  model.save(folder / "m.h5");
  EXPECT_TRUE(array_equal(models::load_model(folder / "m.h5").predict(passengers())[0], predicted[0]));
  space.save(folder / "s.h5");
  EXPECT_TRUE(allclose(models::load_model(folder / "s.h5").predict(passengers())[0], kEncoded, 0, 1e-5));
}

TEST(FeatureSpaceTest, TakesWhatIsKnownAndLayersOfOnesOwn) {
  FeatureSpace space(
      {.features = {
           {"fare", FeatureSpace::float_discretized({.bin_boundaries = {1, 15}})},
           {"plain", FeatureSpace::float_()},
           {"word", FeatureSpace::feature("string", layers::StringLookup({.vocabulary = {"a", "b"}}), "one_hot")}}});
  EXPECT_TRUE(array_equal(
      space({{"fare", Array{0.f, 20.f}}, {"plain", Array{7.f, 8.f}}, {"word", Strings{"b", "?"}.array()}})[0],
      Array{{1.f, 0.f, 0.f, 7.f, 0.f, 0.f, 1.f}, {0.f, 0.f, 1.f, 8.f, 1.f, 0.f, 0.f}}));
  EXPECT_EQ(space.preprocessors().size(), 3u);
}

TEST(FeatureSpaceTest, NamesWhatIsWrong) {
  const auto error = [](const FeatureSpaceConfig& config) {
    return error_text<ValueError>([&] { FeatureSpace space(config); });
  };
  EXPECT_EQ(error({}), "FeatureSpace: expected at least one feature, got none");
  EXPECT_THAT(error({.features = {{"a", "number"}}}),
              HasSubstr("unknown kind of feature 'number'; known are float, float_normalized"));
  EXPECT_EQ(error({.features = {{"a", "float"}}, .output_mode = "list"}),
            "FeatureSpace: unknown output_mode 'list'; known are concat, dict");
  EXPECT_EQ(error({.features = {{"a", "integer_hashed"}}, .crosses = {{"a", "b"}}}),
            "FeatureSpace: the cross a_X_b has no feature 'b'");
  FeatureSpace fresh({.features = {{"a", "float_normalized"}}});
  EXPECT_EQ(error_text<ValueError>([&] { fresh.get_inputs(); }),
            "FeatureSpace: call adapt first: 'a' has to learn from data");
  EXPECT_THAT(error_text<ValueError>([&] { fresh.adapt({{"b", Array{1.f}}}); }), HasSubstr("'a'"));
  EXPECT_THAT(error_text<ShapeError>([&] {
                fresh.adapt({{"a", graph::zeros({2, 2, 2})}});
              }),
              HasSubstr("expected a column of shape (batch,) or (batch, 1), got (2, 2, 2)"));
  FeatureSpace ints({.features = {{"a", FeatureSpace::integer_hashed({.num_bins = 3, .output_mode = "int"})}}});
  EXPECT_EQ(error_text<ValueError>([&] { ints.get_inputs(); }),
            "FeatureSpace: 'a' cannot be concatenated: it is not encoded, but of dtype int64; consider output_mode "
            "'dict'");
}

}  // namespace
}  // namespace cornu::keras::utils
