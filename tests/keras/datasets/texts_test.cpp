#include <gmock/gmock.h>

#include "cornu/io/npy/npz.h"
#include "cornu/keras/datasets/imdb.h"
#include "cornu/keras/datasets/reuters.h"
#include "tests/io/mutations.h"
#include "tests/io/pickle/pickles.h"
#include "tests/keras/datasets/keras_home.h"
#include "tests/keras/datasets/npz_files.h"

namespace cornu::keras::datasets {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::npy_of_lists;
using tests::npy_of_numbers;
using tests::write_npz;
using tests::write_text;

using Words = std::vector<std::vector<std::int64_t>>;

const Words kTexts = {{1, 14, 22}, {5}, {1, 2, 3, 4}, {8, 8, 90}, {7, 6}, {30, 31, 32, 33, 34}};

class TextSets : public testing::Test {
 protected:
  fs::path imdb() {
    write_npz(home_ / "i.npz", {{"x_train", npy_of_lists(kTexts)},
                                {"y_train", npy_of_numbers({0, 1, 2, 3, 4, 5})},
                                {"x_test", npy_of_lists({{9, 1}, {2, 200}})},
                                {"y_test", npy_of_numbers({0, 1})}});
    return home_ / "i.npz";
  }
  fs::path reuters() {
    write_npz(home_ / "r.npz", {{"x", npy_of_lists(kTexts)}, {"y", npy_of_numbers({0, 1, 2, 3, 4, 5})}});
    return home_ / "r.npz";
  }
  tests::KerasHome home_;
};

std::vector<std::int64_t> list(const Array& y) {
  EXPECT_EQ(y.dtype(), graph::int64);
  return {y.span<std::int64_t>().begin(), y.span<std::int64_t>().end()};
}
using Numbers = std::vector<std::vector<int>>;

// What follows is what keras 3.15 gives for these files.
TEST_F(TextSets, ImdbIsKeras) {
  {
    const auto [train, test] = imdb::load_data({.path = imdb()});
    EXPECT_EQ(train.x,
              (Numbers{{1, 8}, {1, 4, 17, 25}, {1, 11, 11, 93}, {1, 4, 5, 6, 7}, {1, 10, 9}, {1, 33, 34, 35, 36, 37}}));
    EXPECT_THAT(list(train.y), ElementsAre(1, 0, 3, 2, 4, 5));
    EXPECT_EQ(test.x, (Numbers{{1, 5, 2}, {1, 12, 4}}));
    EXPECT_THAT(list(test.y), ElementsAre(1, 0));
  }
  {
    const auto [train, test] = imdb::load_data({.path = imdb(), .num_words = 20, .skip_top = 5});
    EXPECT_EQ(train.x,
              (Numbers{{2, 8}, {2, 2, 17, 2}, {2, 11, 11, 2}, {2, 2, 5, 6, 7}, {2, 10, 9}, {2, 2, 2, 2, 2, 2}}));
    EXPECT_EQ(test.x, (Numbers{{2, 5, 2}, {2, 12, 2}}));
  }
  {
    const auto [train, test] = imdb::load_data({.path = imdb(),
                                                .num_words = 30,
                                                .maxlen = 4,
                                                .seed = 5,
                                                .start_char = std::nullopt,
                                                .oov_char = std::nullopt});
    EXPECT_EQ(train.x, (Numbers{{10, 9}, {8}, {4, 17, 25}, {11, 11}}));
    EXPECT_THAT(list(train.y), ElementsAre(4, 1, 0, 3));
    EXPECT_EQ(test.x, (Numbers{{12, 4}, {5}}));
  }
  const auto [train, test] =
      imdb::load_data({.path = imdb(), .seed = 0, .start_char = std::nullopt, .oov_char = 99, .index_from = 0});
  EXPECT_EQ(train.x, (Numbers{{30, 31, 32, 33, 34}, {1, 2, 3, 4}, {5}, {8, 8, 90}, {1, 14, 22}, {7, 6}}));
  EXPECT_EQ(test.x, (Numbers{{9, 1}, {2, 99}}));
}

TEST_F(TextSets, ReutersIsKeras) {
  {
    const auto [train, test] = reuters::load_data({.path = reuters()});
    EXPECT_EQ(train.x, (Numbers{{1, 8}, {1, 4, 17, 25}, {1, 11, 11, 2}, {1, 4, 5, 6, 7}}));
    EXPECT_THAT(list(train.y), ElementsAre(1, 0, 3, 2));
    EXPECT_EQ(test.x, (Numbers{{1, 10, 9}, {1, 33, 34, 35, 36, 37}}));
    EXPECT_THAT(list(test.y), ElementsAre(4, 5));
  }
  const auto [train, test] =
      reuters::load_data({.path = reuters(), .num_words = 12, .maxlen = 5, .test_split = 0.5, .seed = 1});
  EXPECT_EQ(train.x, (Numbers{{1, 8}, {1, 10, 9}}));
  EXPECT_EQ(test.x, (Numbers{{1, 4, 2, 2}, {1, 11, 11, 2}}));
  EXPECT_THAT(list(test.y), ElementsAre(0, 3));
  EXPECT_EQ(reuters::get_label_names().size(), 46u);
  EXPECT_EQ(reuters::get_label_names()[45], "lead");
}

TEST_F(TextSets, ListsOfOneLengthMayBeAnArray) {
  const Array rows{{1, 2}, {3, 4}};
  io::npy::savez(home_ / "r.npz", {{"x", rows}, {"y", Array{0, 1}}});
  EXPECT_EQ(reuters::load_data({.path = home_ / "r.npz", .num_words = 99, .test_split = 0}).train.x.size(), 2u);
}

TEST_F(TextSets, TheirWordsHaveNumbers) {
  write_text(home_ / "w.json", R"({"the": 1, "caf\u00e9": 2})");
  const auto index = imdb::get_word_index(home_ / "w.json");
  EXPECT_EQ(index.at("the"), 1);
  EXPECT_EQ(index.at("café"), 2);
  write_text(home_ / "w.json", "[1]");
  EXPECT_THAT(error_text<FormatError>([&] { reuters::get_word_index(home_ / "w.json"); }),
              HasSubstr("w.json] expected a JSON object of words and numbers"));
}

TEST_F(TextSets, OtherContentIsNamed) {
  const auto error = [&] { return error_text<FormatError>([&] { reuters::load_data({.path = home_ / "r.npz"}); }); };
  const std::string name = "[" + (home_ / "r.npz").string();
  write_npz(home_ / "r.npz", {{"x", npy_of_lists(kTexts)}, {"y", npy_of_numbers({0, 1})}});
  EXPECT_EQ(error(), name +
                         ": y] expected labels of an integer dtype and shape (6,), as many as there are texts, got "
                         "int64 (2,)");
  write_npz(home_ / "r.npz", {{"x", npy_of_lists(kTexts)}});
  EXPECT_EQ(error(), name + "] has no array 'y'");
  write_npz(home_ / "r.npz", {{"x", npy_of_lists({{1, -2}})}, {"y", npy_of_numbers({0})}});
  EXPECT_EQ(error(), name + ": x] word -2 is out of range");
  std::string evil = npy_of_lists({{1}});
  evil.replace(evil.find("cnumpy\nndarray"), 14, "cposix.\nsystem");
  write_npz(home_ / "r.npz", {{"x", evil}, {"y", npy_of_numbers({0})}});
  EXPECT_THAT(error(), HasSubstr("a pickle that names posix..system: only data"));
  io::npy::savez(home_ / "r.npz", {{"x", Array{1.f}}, {"y", Array{0}}});
  EXPECT_THAT(error(), HasSubstr("expected lists of whole numbers, got an array float32(1,)"));
  EXPECT_EQ(error_text<ValueError>([&] { imdb::load_data({.path = imdb(), .maxlen = 1}); }),
            "imdb::load_data: no text is shorter than maxlen = 1; increase maxlen");
  EXPECT_THAT(error_text<ValueError>([&] { reuters::load_data({.test_split = 1.5}); }), HasSubstr("test_split"));
}

TEST_F(TextSets, ObjectsAreNoNumbers) {
  const io::npy::Archive archive(imdb());
  EXPECT_THAT(error_text<TypeError>([&] { archive["x_train"]; }), HasSubstr("an array of Python objects"));
}

}  // namespace
}  // namespace cornu::keras::datasets
