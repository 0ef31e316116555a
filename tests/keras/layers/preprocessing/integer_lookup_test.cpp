#include "cornu/keras/layers/preprocessing/integer_lookup.h"

#include <gmock/gmock.h>

#include <fstream>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/preprocessing/normalization.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using testing::ElementsAre;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "IntegerLookup",
       .config =
           R"({"max_tokens": 9, "num_oov_indices": 2, "mask_token": 4, "oov_token": -2, "vocabulary": [5, 1, 9007199254740993],
                     "vocabulary_dtype": "int64", "idf_weights": [0.5, 2.0, 1.25], "invert": false, "output_mode": "tf_idf", "sparse": false,
                     "pad_to_max_tokens": true, "oov_method": "farmhash", "salt": [133, 137], BASE})",
       .in_keras2 = false,
       .example = {.inputs = {Array{{0.5f, 1.5f, 4.5f}, {2.5f, 5.5f, 0.5f}, {1.5f, 1.5f, 5.5f}}},
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

Array longs(const std::vector<std::int64_t>& numbers) { return Array(numbers); }
const Array kTokens = longs({12, 0, 7, -8, 42, 100});

// Here and below, where nothing else is said: what Keras 3.15 gives.
TEST(IntegerLookupTest, NumbersTokensAsKeras) {
  const Array data{{12, 1138, 42}, {42, 1000, 36}};
  const Array y = IntegerLookup({.vocabulary = {12, 36, 1138, 42}})(data);
  EXPECT_EQ(y.dtype(), int64);
  EXPECT_TRUE(array_equal(y, longs({1, 3, 4, 4, 0, 2}).reshape({2, 3})));
  const auto numbers = [](IntegerLookupConfig config) {
    config.vocabulary = {12, 36, 1138, 42};
    return IntegerLookup(config)(kTokens);
  };
  EXPECT_TRUE(array_equal(numbers({.num_oov_indices = 3}), longs({3, 0, 1, 1, 6, 1})));
  EXPECT_TRUE(array_equal(numbers({.num_oov_indices = 3, .oov_method = "farmhash"}), longs({3, 1, 1, 2, 6, 0})));
  EXPECT_TRUE(array_equal(numbers({.num_oov_indices = 3, .oov_method = "farmhash", .salt = std::vector<int>{5}}),
                          longs({3, 0, 1, 0, 6, 2})));
  EXPECT_TRUE(array_equal(numbers({.mask_token = 0}), longs({2, 0, 1, 1, 5, 1})));
  EXPECT_TRUE(array_equal(numbers({.num_oov_indices = 2, .mask_token = 0, .output_mode = "count"}),
                          Array{2.f, 1.f, 1.f, 0.f, 0.f, 1.f}));
}

TEST(IntegerLookupTest, InvertedItGivesTokens) {
  const IntegerLookup inverse({.mask_token = 0, .vocabulary = {12, 36}, .invert = true});
  EXPECT_TRUE(array_equal(inverse(Array{0, 1, 2, 3, 4, -1}), longs({0, -1, 12, 36, -1, -1})));
  EXPECT_THAT(inverse->get_vocabulary(), ElementsAre(0, -1, 12, 36));
}

TEST(IntegerLookupTest, LearnsTheMostFrequentTokens) {
  const Array data{{12, 1138, 42}, {42, 1000, 36}};
  const IntegerLookup lookup;
  EXPECT_EQ(lookup->vocabulary_size(), 1);
  lookup->adapt(data);
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre(-1, 42, 1138, 1000, 36, 12));
  EXPECT_THAT(lookup->get_vocabulary(false), ElementsAre(42, 1138, 1000, 36, 12));
  EXPECT_EQ(lookup->vocabulary_size(), 6);
  EXPECT_TRUE(array_equal(lookup(data), longs({5, 2, 1, 1, 3, 4}).reshape({2, 3})));
  lookup->adapt(std::vector<Array>{Array{7, 7}, Array{8, -1}});
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre(-1, 7, 8)) << "forgets what it learnt before";
}

TEST(IntegerLookupTest, WeighsTokensByDocuments) {
  const Array documents{{1, 2, 2, 0}, {2, 3, 3, 3}, {5, 5, 2, 1}}, x{{1, 2, 2, 9}, {0, 0, 5, 3}};
  const IntegerLookup all({.output_mode = "tf_idf"});
  all->adapt(documents);
  EXPECT_THAT(all->get_vocabulary(), ElementsAre(-1, 2, 3, 5, 1, 0));
  EXPECT_TRUE(allclose(all(x),
                       Array{{0.8003271222f, 1.1192315817f, 0.f, 0.f, 0.6931471825f, 0.f},
                             {0.f, 0.f, 0.9162907600f, 0.9162907600f, 0.f, 1.8325815201f}},
                       1e-6, 0));
  const IntegerLookup padded({.max_tokens = 6, .mask_token = 0, .output_mode = "tf_idf", .pad_to_max_tokens = true});
  padded->adapt(documents);
  EXPECT_TRUE(allclose(padded(x),
                       Array{{0.7713361382f, 1.1192315817f, 0.f, 0.f, 0.6931471825f, 0.f},
                             {0.f, 0.f, 0.9162907600f, 0.9162907600f, 0.f, 0.f}},
                       1e-6, 0));
  const IntegerLookup given({.vocabulary = {-1, 12, 36}, .idf_weights = {0.9, 0.25, 0.75}, .output_mode = "tf_idf"});
  EXPECT_TRUE(allclose(given(Array{{12, 7, 7}}), Array{{1.8f, 0.25f, 0.f}}, 1e-6, 0)) << "special tokens in front";
  for (const auto* lookup : {&all, &padded, &given}) {
    const auto read = saving::deserialize(registry(), saving::serialize(**lookup, saving::KerasVersion::keras3));
    EXPECT_TRUE(array_equal(read(x), (*lookup)(x)));
  }
}

TEST(IntegerLookupTest, HasRoomForSoManyTokens) {
  const IntegerLookup lookup({.max_tokens = 3});
  lookup->adapt(Array{{1, 2, 2, 0}, {2, 3, 3, 3}, {5, 5, 2, 1}});
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre(-1, 2, 3));
  EXPECT_TRUE(array_equal(lookup(Array{{1, 2, 2, 9}, {0, 0, 5, 3}}), longs({0, 1, 1, 0, 0, 0, 0, 2}).reshape({2, 4})));
}

TEST(IntegerLookupTest, TheVocabularyIsGivenLater) {
  const tests::TemporaryFolder folder;
  const std::string file = (folder.path() / "tokens.txt").string();
  std::ofstream(file) << "12\r\n36\n-5\n";
  const IntegerLookup read({.vocabulary = file.c_str()}), set;
  EXPECT_THAT(read->get_vocabulary(), ElementsAre(-1, 12, 36, -5));
  set->set_vocabulary({-1, 12, 36, -5});
  EXPECT_TRUE(array_equal(set(Array{36, -5}), longs({2, 3})));
  EXPECT_TRUE(same_config(*IntegerLookup({.vocabulary = {12, 36, -5}}), *read)) << "files hold the tokens";
}

TEST(IntegerLookupTest, AModelKeepsWhatWasLearnt) {
  const IntegerLookup lookup({.max_tokens = 20, .output_mode = "multi_hot", .name = "lookup"});
  lookup->adapt(Array{{1, 2, 2, 0}, {2, 3, 3, 3}});
  const auto x = Input({.shape = {kUnknown}, .dtype = "int64"});
  const models::Model model(x, Dense(2)(lookup(x)));
  EXPECT_EQ(model.get_layer("lookup")->output_shape(), (Shape{kUnknown, 5}));
  const Array data{{1, 2}, {3, 9}};
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  const models::Model loaded = models::load_model(folder.path() / "m.h5");
  EXPECT_TRUE(array_equal(loaded.predict(data), model.predict(data)));
  EXPECT_EQ(models::model_from_json(model.to_json()).to_json(), model.to_json());
}

// In Keras 2 a lookup has its idf_weights among its weights; here another layer's stand for them.
TEST(IntegerLookupTest, WeightsOfKeras2AreInTheConfigAlready) {
  const auto x = Input({.shape = {3}}), ids = Input({.shape = {kUnknown}, .dtype = "int64"});
  const models::Model written(x, Dense(2, {.name = "head"})(Normalization({.name = "lookup"})(x)));
  const IntegerLookup lookup(
      {.vocabulary = {1, 2}, .idf_weights = {0.5, 2}, .output_mode = "tf_idf", .name = "lookup"});
  models::Model model(ids, Dense(2, {.name = "head"})(lookup(ids)));
  const tests::TemporaryFolder folder;
  written.save_weights(folder.path() / "w.h5");
  model.load_weights(folder.path() / "w.h5");
  EXPECT_TRUE(array_equal(model.get_weights()[0], written.get_layer("head")->get_weights()[0]));
}

TEST(IntegerLookupTest, AFileMayHoldTheSizeAlone) {
  const auto lookup = saving::deserialize(registry(), R"({"class_name": "IntegerLookup", "config": {"name": "l",
    "output_mode": "count", "vocabulary": null, "vocabulary_size": 4, "idf_weights": null, "oov_method": "floormod"}})");
  EXPECT_EQ(lookup->compute_output_shape({kUnknown, 3}), (Shape{kUnknown, 4}));
  EXPECT_EQ(error_text<ValueError>([&] {
              lookup(Array{{1, 2, 3}});
            }),
            "[IntegerLookup \"l\"] expected a vocabulary: call adapt before the layer is used, or give vocabulary; got "
            "none");
  lookup.as<IntegerLayer>()->set_vocabulary({1, 2, 3});
  EXPECT_TRUE(array_equal(lookup(Array{{1, 1, 7}}), Array{{1.f, 2.f, 0.f, 0.f}}));
}

TEST(IntegerLookupTest, Keras2KnowsTheFirstMethodAlone) {
  const IntegerLookup lookup({.vocabulary = {1, 2}, .name = "l"});
  const std::string json = saving::serialize(*lookup, saving::KerasVersion::keras2);
  EXPECT_THAT(json, testing::HasSubstr(R"("dtype":"int64")"));
  EXPECT_THAT(json, testing::Not(testing::HasSubstr("oov_method")));
  EXPECT_TRUE(same_config(*lookup, *saving::deserialize(registry(), json, saving::KerasVersion::keras2)));
  EXPECT_THAT(error_text<ValueError>([] {
                saving::serialize(*IntegerLookup({.vocabulary = {1}, .oov_method = "farmhash"}),
                                  saving::KerasVersion::keras2);
              }),
              testing::HasSubstr("cannot be saved for Keras 2, which has no argument 'oov_method'"));
}

TEST(IntegerLookupTest, ErrorsSayWhatWasExpected) {
  const auto text = [](IntegerLookupConfig config) {
    config.name = "l";
    return error_text<ValueError>([&] { IntegerLookup{config}; });
  };
  EXPECT_EQ(text({.max_tokens = 1}), "[IntegerLookup \"l\"] expected max_tokens above 1, got 1");
  EXPECT_EQ(text({.num_oov_indices = -1}), "[IntegerLookup \"l\"] expected num_oov_indices of at least 0, got -1");
  EXPECT_EQ(text({.pad_to_max_tokens = true}), "[IntegerLookup \"l\"] pad_to_max_tokens needs max_tokens");
  EXPECT_EQ(text({.output_mode = "hot"}),
            "[IntegerLookup \"l\"] expected an output_mode among 'int', 'one_hot', 'multi_hot', 'count', 'tf_idf', got "
            "'hot'");
  EXPECT_EQ(text({.invert = true, .output_mode = "count"}),
            "[IntegerLookup \"l\"] expected output_mode 'int' with invert, got 'count'");
  EXPECT_EQ(text({.vocabulary_dtype = "int32"}),
            "[IntegerLookup \"l\"] expected vocabulary_dtype 'int64', got 'int32'");
  EXPECT_EQ(text({.oov_method = "crc"}),
            "[IntegerLookup \"l\"] expected oov_method 'floormod' or 'farmhash', got 'crc'");
  EXPECT_EQ(text({.salt = std::vector<int>{1}}), "[IntegerLookup \"l\"] takes a salt with oov_method 'farmhash' alone");
  EXPECT_EQ(text({.output_mode = "count", .sparse = true}),
            "[IntegerLookup \"l\"] sparse = true is not supported: there are no sparse tensors");
  EXPECT_EQ(text({.vocabulary = {3, 4, 3}}),
            "[IntegerLookup \"l\"] expected different tokens in the vocabulary, got 3 twice");
  EXPECT_EQ(text({.mask_token = 4, .vocabulary = {3, 4}}),
            "[IntegerLookup \"l\"] expected the mask token in front of the vocabulary or not in it, got 4 amid the "
            "others");
  EXPECT_EQ(
      text({.max_tokens = 2, .vocabulary = {3, 4}}),
      "[IntegerLookup \"l\"] expected a vocabulary of at most max_tokens = 2, got 3 tokens with the special ones");
  EXPECT_EQ(text({.vocabulary = {3, 4}, .output_mode = "tf_idf"}),
            "[IntegerLookup \"l\"] expected idf_weights for a vocabulary of 2, got 0");
  EXPECT_EQ(text({.vocabulary = {3}, .idf_weights = {1}}),
            "[IntegerLookup \"l\"] takes idf_weights if output_mode is 'tf_idf', not 'int'");
  EXPECT_EQ(text({.idf_weights = {1}, .output_mode = "tf_idf"}),
            "[IntegerLookup \"l\"] expected a vocabulary with idf_weights, got none");
  EXPECT_EQ(text({.vocabulary = "no/such/file"}),
            "[IntegerLookup \"l\"] the vocabulary file 'no/such/file' cannot be read");
  EXPECT_EQ(error_text<ValueError>([] { IntegerLookup({.name = "l"})->set_vocabulary({}); }),
            "[IntegerLookup \"l\"] expected a vocabulary, got an empty one");
  EXPECT_EQ(error_text<ValueError>([] { IntegerLookup({.vocabulary = {1}, .name = "l"})->adapt(Array{1}); }),
            "[IntegerLookup \"l\"] has a vocabulary by its arguments: there is nothing to adapt");
  EXPECT_EQ(error_text<ValueError>([] { IntegerLookup({.name = "l"})->adapt(graph::zeros({0}, int64)); }),
            "[IntegerLookup \"l\"] expected data with tokens to adapt to, got none");
  EXPECT_EQ(error_text<ValueError>([] {
              const auto x = Input({.shape = {2}, .dtype = "int64"});
              models::Model(x, IntegerLookup({.name = "l"})(x));
            }),
            "[IntegerLookup \"l\"] expected a vocabulary: call adapt before the layer is used, or give vocabulary; got "
            "none");
  EXPECT_EQ(error_text<ValueError>([] {
              IntegerLookup({.num_oov_indices = 0, .vocabulary = {1, 2}, .name = "l"})(Array{1, 7});
            }),
            "[IntegerLookup \"l\"] expected tokens of the vocabulary alone with num_oov_indices = 0, got 7");
}

}  // namespace
}  // namespace cornu::keras::layers
