#include "cornu/keras/layers/preprocessing/string_lookup.h"

#include <gmock/gmock.h>

#include <fstream>

#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/sequential.h"
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
       .class_name = "StringLookup",
       .config =
           R"({"max_tokens": 9, "num_oov_indices": 2, "mask_token": "", "oov_token": "?", "vocabulary": ["b", "ä", "a"],
                     "idf_weights": [0.5, 2.0, 1.25], "invert": false, "output_mode": "tf_idf", "pad_to_max_tokens": true, "sparse": false,
                     "encoding": "latin-1", "salt": [133, 137], BASE})",
       .in_keras2 = false,
       .example = {
           .inputs = {Strings(std::vector<std::vector<std::string>>{{"a", "b"}, {"", "z"}, {"b", "b"}}).array()},
           .config =
               R"({"vocabulary": ["b", "ä", "a"], "output_mode": "count", "num_oov_indices": 2, "salt": [1, 2], BASE})",
           .free_axes = {1},
           .mask = cornu::tests::LayerExample::Mask::none}}};
});

Array longs(const std::vector<std::int64_t>& numbers) { return Array(numbers); }
const std::vector<std::vector<std::string>> kRows{{"a", "b", "a", ""}, {"c", "[UNK]", "b", "a"}},
    kOthers{{"a", "zz", "b", ""}, {"c", "Ä", "q", "[UNK]"}};

Array adapted(StringLookupConfig config) {
  const StringLookup lookup(std::move(config));
  lookup->adapt(kRows);
  return lookup(Strings(kOthers));
}

// Here and below what Keras 3.15 gives.
TEST(StringLookupTest, LearnsAndNumbersTextsAsKeras) {
  EXPECT_TRUE(array_equal(adapted({}), longs({1, 0, 2, 4, 3, 0, 0, 0}).reshape({2, 4})));
  EXPECT_TRUE(array_equal(adapted({.mask_token = ""}), longs({2, 1, 3, 0, 4, 1, 1, 1}).reshape({2, 4})));
  EXPECT_TRUE(array_equal(adapted({.mask_token = "", .output_mode = "multi_hot"}),
                          Array{{1.f, 1.f, 1.f, 0.f}, {1.f, 0.f, 0.f, 1.f}}));
  EXPECT_TRUE(array_equal(adapted({.max_tokens = 3, .output_mode = "count"}), Array{{2.f, 1.f, 1.f}, {4.f, 0.f, 0.f}}));
  EXPECT_TRUE(allclose(adapted({.output_mode = "tf_idf"}),
                       Array{{0.6019864082f, 0.5108256340f, 0.5108256340f, 0.f, 0.6931471825f},
                             {1.8059592247f, 0.f, 0.f, 0.6931471825f, 0.f}},
                       1e-6, 0));
  const StringLookup lookup({.mask_token = ""});
  lookup->adapt(kRows);
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre("", "[UNK]", "a", "b", "c"));
  EXPECT_THAT(lookup->get_vocabulary(false), ElementsAre("a", "b", "c"));
}

TEST(StringLookupTest, SpreadsUnknownTextsByAHash) {
  EXPECT_TRUE(array_equal(StringLookup({.num_oov_indices = 2, .vocabulary = {"a"}})(Strings(kOthers)),
                          longs({2, 0, 0, 1, 0, 0, 1, 0}).reshape({2, 4})));
  EXPECT_TRUE(array_equal(
      StringLookup({.num_oov_indices = 3, .mask_token = "", .vocabulary = {"a"}, .salt = std::vector<int>{1, 2}})(
          Strings(kOthers)),
      longs({4, 2, 2, 0, 3, 2, 1, 2}).reshape({2, 4})));
}

TEST(StringLookupTest, InvertedItGivesTexts) {
  const StringLookup lookup({.mask_token = "", .vocabulary = {"a", "a long word"}}),
      inverse({.mask_token = "", .vocabulary = {"a", "a long word"}, .invert = true});
  EXPECT_THAT(Strings::of(inverse(Array{0, 1, 2, 3, 4})).values(),
              ElementsAre("", "[UNK]", "a", "a long word", "[UNK]"));
  const Strings words({"a", "?", "a long word", ""}, {2, 2});
  EXPECT_EQ(Strings::of(inverse(lookup(words))), Strings({"a", "[UNK]", "a long word", ""}, {2, 2}));
}

TEST(StringLookupTest, IsTheFirstLayerOfAModel) {
  const StringLookup lookup({.name = "lookup"});
  lookup->adapt({"b", "a", "b"});
  const auto x = Input({.shape = {1}, .dtype = "string"});
  const models::Model model(x, Embedding(3, 2)(lookup(x)));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 1, 2}));
  const Strings words({"a", "b", "?"}, {3, 1});
  const Array y = model.predict(words.array());
  EXPECT_EQ(y.shape(), (Shape{3, 1, 2}));
  const tests::TemporaryFolder folder;
  for (const char* name : {"m.h5", "n.h5"}) {
    model.save(folder.path() / name);
    const models::Model loaded = models::load_model(folder.path() / name);
    EXPECT_TRUE(array_equal(loaded.predict(words.array()), y));
  }
  EXPECT_THAT(model.to_json(), testing::HasSubstr(R"("batch_shape":[null,1],"dtype":"string")"));
  const models::Sequential row({Input({.shape = {1}, .dtype = "string"}), lookup, Embedding(3, 2)});
  EXPECT_EQ(row.predict(words.array()).shape(), (Shape{3, 1, 2}));
  const Strings without_axis{"a", "b", "?"};
  EXPECT_TRUE(array_equal(model.predict(without_axis.array()), y)) << "as Keras takes (3,) for (3, 1)";
  models::Model trained = model;
  trained.compile({.optimizer = "sgd", .loss = "mse"});
  trained.fit(without_axis, graph::zeros({3, 1, 2}), {.epochs = 1, .verbose = 0});
  EXPECT_FALSE(array_equal(model.predict(words.array()), y));
}

TEST(StringLookupTest, NeedsNoInputInARow) {
  const Strings words({"a", "b"}, {2, 1});
  const tests::TemporaryFolder folder;
  for (const Shape& declared : {Shape::unset(), Shape{1}}) {
    models::Sequential row({StringLookup({.vocabulary = {"a"}, .input_shape = declared}), Embedding(2, 3)});
    const Array y = row.predict(words.array());
    EXPECT_EQ(y.shape(), (Shape{2, 1, 3}));
    EXPECT_THAT(row.to_json(), testing::HasSubstr(R"("batch_shape":[null,1],"dtype":"string")"));
    row.save(folder.path() / "m.h5");
    EXPECT_TRUE(array_equal(models::load_model(folder.path() / "m.h5").predict(words.array()), y));
  }
}

TEST(StringLookupTest, DataHasTheEncoding) {
  const StringLookup lookup({.encoding = "latin-1"});
  lookup->adapt({"\xE4", "\xE4", "b"});
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre("[UNK]", "ä", "b"));
  EXPECT_TRUE(array_equal(lookup(Strings{"\xE4", "ä"}), longs({1, 0})));
  const auto read = saving::deserialize(registry(), saving::serialize(*lookup, saving::KerasVersion::keras3));
  EXPECT_TRUE(array_equal(read(Strings{"\xE4", "ä"}), longs({1, 0})));
}

TEST(StringLookupTest, NoMaskDiffersFromAnEmptyOne) {
  for (const OptionalText& mask : {OptionalText(), OptionalText(""), OptionalText("-")}) {
    const StringLookup lookup({.mask_token = mask, .vocabulary = {"a"}});
    EXPECT_THAT(get_config(*lookup),
                testing::HasSubstr(mask.empty() ? R"("mask_token":null)" : "\"mask_token\":\"" + mask[0] + "\""));
    for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3})
      EXPECT_TRUE(same_config(*lookup, *saving::deserialize(registry(), saving::serialize(*lookup, version), version)));
  }
}

TEST(StringLookupTest, ErrorsSayWhatWasExpected) {
  const auto text = [](StringLookupConfig config) {
    config.name = "s";
    return error_text<ValueError>([&] { StringLookup{config}; });
  };
  EXPECT_EQ(text({.vocabulary = {"a", "b", "a"}}),
            "[StringLookup \"s\"] expected different tokens in the vocabulary, got 'a' twice");
  EXPECT_EQ(text({.vocabulary = {"a", "[UNK]"}, .invert = true}),
            "[StringLookup \"s\"] expected the unknown token in front of the vocabulary or not in it, got '[UNK]' amid "
            "the others");
  EXPECT_THAT(text({.vocabulary = {"a"}, .encoding = "no-such"}),
              testing::HasSubstr("expected a known encoding, got 'no-such'"));
  EXPECT_THAT(error_text<TypeError>([] { StringLookup({.vocabulary = {"a"}, .name = "s"})(Array{{1.f}}); }),
              testing::StartsWith(
                  "[StringLookup \"s\"] expected texts, uint8 with an axis of bytes, got float32 of shape (1, 1)"));
  EXPECT_THAT(
      error_text<TypeError>([] { StringLookup({.vocabulary = {"a"}, .invert = true, .name = "s"})(Array{{1.f}}); }),
      testing::StartsWith("[StringLookup \"s\"] expected numbers of texts, got float32("));
  EXPECT_EQ(error_text<ValueError>([] {
              StringLookup({.num_oov_indices = 0, .vocabulary = {"a"}, .name = "s"})(Strings{"a", "b"});
            }),
            "[StringLookup \"s\"] expected tokens of the vocabulary alone with num_oov_indices = 0, got 'b'");
  EXPECT_THAT(error_text<ValueError>([] { StringLookup({.name = "s"})(Strings{"a"}); }),
              testing::HasSubstr("expected a vocabulary: call adapt before the layer is used"));
}

}  // namespace
}  // namespace cornu::keras::layers
