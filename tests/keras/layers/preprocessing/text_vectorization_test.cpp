#include "cornu/keras/layers/preprocessing/text_vectorization.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/utils/unicode.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "TextVectorization",
       .config =
           R"({"max_tokens": 9, "standardize": "lower", "split": "character", "ngrams": [1, 2], "output_mode": "tf_idf",
                     "output_sequence_length": null, "pad_to_max_tokens": true, "vocabulary": ["b", "a", "ä"], "idf_weights": [0.5, 2.0, 1.25],
                     "sparse": false, "ragged": false, "encoding": "latin-1", BASE})",
       .example = {.inputs = {Strings({"a B a", "b", "z, a"}, {3, 1}).array()},
                   .config = R"({"vocabulary": ["b", "a"], "output_mode": "count", BASE})",
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

// The numbers below are those of Keras 3.15 for these texts.
const std::vector<std::string> kTexts = {"Hello,  World! it's a\tte-st",
                                         "ÄPFEL über\u00a0nbsp\u3000wide\x0bvt\x0c"
                                         "ff\x1c"
                                         "fs",
                                         "", "a b c d e", "  lead trail  "};

std::vector<std::string> learnt(TextVectorizationConfig config) {
  const TextVectorization layer(std::move(config));
  layer->adapt(kTexts);
  return layer->get_vocabulary(false);
}
Array adapted(TextVectorizationConfig config) {
  const TextVectorization layer(std::move(config));
  layer->adapt(kTexts);
  return layer(kTexts);
}
Array rows(std::int64_t n, const std::vector<std::int64_t>& numbers) { return Array(numbers).reshape({n, -1}); }

const std::string kWide = "über\u00a0nbsp\u3000wide", kSeparated =
                                                          "ff\x1c"
                                                          "fs";

TEST(TextVectorizationTest, StandardizesAsKeras) {
  EXPECT_THAT(learnt({}), ElementsAre("a", kWide, "Äpfel", "world", "vt", "trail", "test", "lead", "its", "hello",
                                      kSeparated, "e", "d", "c", "b"));
  EXPECT_THAT(learnt({.standardize = nullptr}), ElementsAre("a", kWide, "ÄPFEL", "vt", "trail", "te-st", "lead", "it's",
                                                            kSeparated, "e", "d", "c", "b", "World!", "Hello,"));
  EXPECT_THAT(learnt({.standardize = "lower"}), ElementsAre("a", kWide, "Äpfel", "world!", "vt", "trail", "te-st",
                                                            "lead", "it's", "hello,", kSeparated, "e", "d", "c", "b"));
  EXPECT_THAT(learnt({.standardize = "strip_punctuation"}),
              ElementsAre("a", kWide, "ÄPFEL", "vt", "trail", "test", "lead", "its", kSeparated, "e", "d", "c", "b",
                          "World", "Hello"));
  EXPECT_THAT(learnt({.max_tokens = 4, .standardize = utils::unicode_lower}), ElementsAre("a", kWide))
      << "two of the four are special";
}

TEST(TextVectorizationTest, NumbersWordsAsKeras) {
  const Array y = adapted({});
  EXPECT_EQ(y.dtype(), int64);
  EXPECT_TRUE(
      array_equal(y, rows(5, {11, 5, 10, 2, 8, 4, 3, 6, 12, 0, 0, 0, 0, 0, 0, 2, 16, 15, 14, 13, 9, 7, 0, 0, 0})));
  EXPECT_TRUE(
      array_equal(adapted({.output_sequence_length = 3}), rows(5, {11, 5, 10, 4, 3, 6, 0, 0, 0, 2, 16, 15, 9, 7, 0})));
  EXPECT_TRUE(array_equal(adapted({.max_tokens = 6}),
                          rows(5, {1, 5, 1, 2, 1, 4, 3, 1, 1, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 1, 1, 1, 0, 0, 0})));
  EXPECT_TRUE(array_equal(adapted({.split = nullptr}), Array(std::vector<std::int64_t>{3, 2, 0, 4, 5})));
}

TEST(TextVectorizationTest, SplitsCharacters) {
  const Array y = adapted({.split = "character"});
  EXPECT_EQ(y.shape(), (Shape{5, 29}));
  EXPECT_TRUE(array_equal(y[0], Array(std::vector<std::int64_t>{22, 3, 4, 4,  15, 2, 2, 13, 15, 10, 4, 8, 2, 11, 5,
                                                                6,  2, 9, 27, 5,  3, 6, 5,  0,  0,  0, 0, 0, 0})));
  const auto by_commas = [](const std::string& text) {
    std::vector<std::string> parts{""};
    for (const char c : text) c == ',' ? parts.emplace_back() : parts.back() += std::string(1, c);
    return parts;
  };
  const TextVectorization own({.standardize = nullptr, .split = by_commas, .vocabulary = {"a b", "c"}});
  EXPECT_TRUE(array_equal(own(Strings{"c,a b", "d"}), rows(2, {3, 2, 1, 0})));
}

TEST(TextVectorizationTest, JoinsNGrams) {
  EXPECT_TRUE(array_equal(adapted({.ngrams = 2}),
                          rows(5, {18, 8, 16, 2, 12, 17, 7,  15, 27, 6,  4,  10, 19, 5,  3,  9,  0, 0, 0, 0, 0, 0, 0,
                                   0,  0, 0,  0, 2,  26, 24, 22, 20, 28, 25, 23, 21, 14, 11, 13, 0, 0, 0, 0, 0, 0})));
  EXPECT_TRUE(
      array_equal(adapted({.ngrams = {2, 3}}), rows(5, {13, 7, 11, 19, 12, 6,  10, 5,  3,  8,  4, 2, 0, 0, 0, 0, 0, 0,
                                                        0,  0, 0,  21, 18, 16, 14, 20, 17, 15, 9, 0, 0, 0, 0, 0, 0})));
  const TextVectorization pairs({.split = nullptr, .ngrams = 2, .vocabulary = {"a", "b", "a b"}});
  EXPECT_TRUE(array_equal(pairs(Strings({"a", "b", "b", "a"}, {2, 2})), rows(2, {2, 3, 4, 3, 2, 1})))
      << "of the texts in a row";
}

TEST(TextVectorizationTest, EncodesInEveryMode) {
  EXPECT_TRUE(array_equal(adapted({.output_mode = "multi_hot"})[3],
                          Array{0.f, 1.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 1.f, 1.f, 1.f, 1.f}));
  const Array counts = adapted({.max_tokens = 30, .output_mode = "count", .pad_to_max_tokens = true});
  EXPECT_EQ(counts.shape(), (Shape{5, 30}));
  EXPECT_EQ(graph::sum(counts).item<float>(), 16);
  EXPECT_TRUE(allclose(adapted({.max_tokens = 5, .output_mode = "tf_idf"}),
                       Array{{3.5543382168f, 0.9808292389f, 0.f, 0.f, 1.2527629137f},
                             {2.3695588112f, 0.f, 1.2527629137f, 1.2527629137f, 0.f},
                             {0.f, 0.f, 0.f, 0.f, 0.f},
                             {4.7391176224f, 0.9808292389f, 0.f, 0.f, 0.f},
                             {2.3695588112f, 0.f, 0.f, 0.f, 0.f}},
                       1e-6, 0));
  EXPECT_TRUE(array_equal(TextVectorization({.output_mode = "count", .vocabulary = {"a"}})(Strings{"a a b"}),
                          Array{{1.f, 2.f}}));
}

TEST(TextVectorizationTest, IsTheFirstLayerOfAModel) {
  const TextVectorization layer({.output_sequence_length = 4, .name = "words"});
  layer->adapt(kTexts);
  const auto x = Input({.shape = {1}, .dtype = "string"});
  const models::Model model(x, Embedding(20, 2)(layer(x)));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 4, 2}));
  const Strings texts(kTexts, {5, 1});
  const Array y = model.predict(texts.array());
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  EXPECT_TRUE(array_equal(models::load_model(folder.path() / "m.h5").predict(texts.array()), y));
  const models::Model again = models::model_from_json(model.to_json());
  EXPECT_EQ(again.get_layer("words").as<TextLayer>()->get_vocabulary(), layer->get_vocabulary());
}

TEST(TextVectorizationTest, FilesHoldWordsButNoFunctions) {
  for (const Numbers& ngrams : {Numbers(), Numbers(2), Numbers{2, 3}}) {
    const TextVectorization layer({.split = nullptr, .ngrams = ngrams, .vocabulary = {"a"}});
    for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3}) {
      const auto read = saving::deserialize(registry(), saving::serialize(*layer, version), version);
      EXPECT_TRUE(same_config(*layer, *read));
    }
  }
  EXPECT_THAT(get_config(*TextVectorization({.ngrams = 2})), HasSubstr(R"("ngrams":2,)")) << "no list of one number";
  EXPECT_THAT(error_text<ValueError>([] {
                saving::serialize(*TextVectorization({.standardize = utils::unicode_lower, .name = "t"}),
                                  saving::KerasVersion::keras3);
              }),
              HasSubstr("layer 't' cannot be saved: standardize is a function"));
}

TEST(TextVectorizationTest, ErrorsSayWhatWasExpected) {
  const auto text = [](TextVectorizationConfig config) {
    config.name = "t";
    return error_text<ValueError>([&] { TextVectorization{config}; });
  };
  EXPECT_EQ(text({.standardize = "upper"}),
            "[TextVectorization \"t\"] expected standardize among 'lower_and_strip_punctuation', 'lower', "
            "'strip_punctuation', a function, none, got 'upper'");
  EXPECT_EQ(text({.split = "commas"}),
            "[TextVectorization \"t\"] expected split among 'whitespace', 'character', a function, none, got 'commas'");
  EXPECT_THAT(text({.ngrams = 0}), HasSubstr("[TextVectorization \"t\"] expected ngrams to be a positive number"));
  EXPECT_EQ(text({.output_mode = "one_hot"}),
            "[TextVectorization \"t\"] expected an output_mode among 'int', 'multi_hot', 'count', 'tf_idf', got "
            "'one_hot'");
  EXPECT_EQ(text({.output_mode = "count", .output_sequence_length = 3}),
            "[TextVectorization \"t\"] takes output_sequence_length if output_mode is 'int', not 'count'");
  EXPECT_EQ(text({.output_sequence_length = 0}),
            "[TextVectorization \"t\"] expected a positive output_sequence_length, got 0");
  EXPECT_EQ(text({.ragged = true}),
            "[TextVectorization \"t\"] ragged = true is not supported: there are no ragged tensors");
  EXPECT_EQ(text({.sparse = true}),
            "[TextVectorization \"t\"] sparse = true is not supported: there are no sparse tensors");
  EXPECT_EQ(text({.vocabulary = {"", "[UNK]"}}),
            "[TextVectorization \"t\"] expected a vocabulary, got special tokens alone");
  const TextVectorization layer({.vocabulary = {"a"}, .name = "t"});
  EXPECT_EQ(error_text<ShapeError>([&] {
              layer(Strings({"a", "b"}, {1, 2}));
            }),
            "[TextVectorization \"t\"] expected texts of shape (batch,) or (batch, 1), got (1, 2)");
  EXPECT_EQ(error_text<ValueError>([&] {
              const auto x = Input({.shape = {1}, .dtype = "string"});
              models::Model(x, layer(x));
            }),
            "[TextVectorization \"t\"] in a model the number of tokens needs to be known: give output_sequence_length");
  EXPECT_EQ(error_text<ValueError>([] {
              TextVectorization({.name = "t"})->adapt({"", " , "});
            }),
            "[TextVectorization \"t\"] expected data with tokens to adapt to, got none");
}

}  // namespace
}  // namespace cornu::keras::layers
