#include "cornu/io/tensorboard/projector.h"

#include <gmock/gmock.h>

#include <clocale>
#include <cmath>

#include "cornu/io/image/image.h"
#include "tests/io/mutations.h"

namespace cornu::io::tensorboard {
namespace {

namespace fs = std::filesystem;
using graph::Array;
using graph::FormatError;
using graph::IoError;
using graph::ShapeError;
using graph::ValueError;
using testing::HasSubstr;
using tests::error_text;
using tests::read_text;
using tests::write_text;

const Array kPoints{{0.f, 0.1f, -1.f}, {1e-20f, 123456789.f, 2.5f}};

class Projector : public testing::Test {
 protected:
  void write(const Embedding& e) { write_embedding(folder_.path(), e); }
  std::string text(const std::string& name) const { return read_text(folder_ / name); }
  std::string config() const { return text("projector_config.pbtxt"); }
  template <class E>
  std::string error(const Embedding& e) {
    return error_text<E>([&] { write(e); });
  }
  tests::TemporaryFolder folder_;
};

TEST_F(Projector, WritesPointsAndTheConfig) {
  write({.name = "words", .points = kPoints});
  EXPECT_EQ(text("words.tensor.tsv"), "0\t0.100000001\t-1\n9.99999968e-21\t123456792\t2.5\n");
  EXPECT_EQ(config(),
            "embeddings {\n  tensor_name: \"words\"\n  tensor_path: \"words.tensor.tsv\"\n  tensor_shape: 2\n  "
            "tensor_shape: 3\n}\n");
  EXPECT_FALSE(fs::exists(folder_ / "words.metadata.tsv"));
}

TEST_F(Projector, WritesMetadata) {
  write({.name = "a", .points = kPoints, .metadata = {{"one"}, {"two\tand\nthree\r"}}});
  EXPECT_EQ(text("a.metadata.tsv"), "one\ntwo and three \n");
  EXPECT_THAT(config(), HasSubstr("  metadata_path: \"a.metadata.tsv\"\n"));
  write({.name = "b", .points = kPoints, .columns = {"word", "gr\nup"}, .metadata = {{"eins", "1"}, {"zw\xff", "2"}}});
  EXPECT_EQ(text("b.metadata.tsv"), "word\tgr up\neins\t1\nzw\xef\xbf\xbd\t2\n");
  write({.name = "c", .points = kPoints, .columns = {"label"}, .metadata = {{""}, {" "}}});
  EXPECT_EQ(text("c.metadata.tsv"), "-\n- \n");
  write({.name = "d", .points = kPoints, .columns = {"x", "y"}, .metadata = {{"", ""}, {"", "b"}}});
  EXPECT_EQ(text("d.metadata.tsv"), "x\ty\n-\t\n\tb\n");
}

TEST_F(Projector, WritesASprite) {
  write({.name = "digits", .points = kPoints, .images = Array{1.f, 0.f, 0.f, 1.f, 0.f, 1.f}.reshape({2, 1, 3})});
  EXPECT_THAT(config(), HasSubstr("  metadata_path: \"digits.metadata.tsv\"\n  sprite {\n    image_path: "
                                  "\"digits.sprite.png\"\n    single_image_dim: 3\n"
                                  "    single_image_dim: 1\n  }\n}\n"));
  const Array picture = image::read(folder_ / "digits.sprite.png");
  EXPECT_TRUE(array_equal(picture.reshape({2, 6}), Array{{255, 0, 0, 255, 0, 255}, {0, 0, 0, 0, 0, 0}})) << picture;
  EXPECT_EQ(text("digits.metadata.tsv"), "0\n1\n");
}

TEST_F(Projector, TakesOtherDtypesAndMakesTheFolder) {
  write_embedding(folder_ / "deep/er", {.name = "x", .points = Array{{1, 2}, {3, -4}}});
  EXPECT_EQ(text("deep/er/x.tensor.tsv"), "1\t2\n3\t-4\n");
}

TEST_F(Projector, WritesPointsAlikeInEveryLocale) {
  const char* had = std::setlocale(LC_ALL, nullptr);
  const std::string old = had ? had : "C";
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "C.UTF-8"})
    if (std::setlocale(LC_ALL, name)) break;
  write({.name = "x", .points = Array{{0.5f, 1234.25f}}});
  std::setlocale(LC_ALL, old.c_str());
  EXPECT_EQ(text("x.tensor.tsv"), "0.5\t1234.25\n");
}

TEST_F(Projector, KeepsOtherEntriesAndReplacesItsOwn) {
  const std::string keras =
      "# by hand\nmodel_checkpoint_path: \"keras_embedding.ckpt-4\"\nembeddings {\n  tensor_name: "
      "\"layer/.ATTRIBUTES/VARIABLE_VALUE\"\n"
      "  metadata_path: \"words.tsv\"\n}\n";
  write_text(folder_ / "projector_config.pbtxt", keras);
  write({.name = "a", .points = kPoints, .metadata = {{"one"}, {"two"}}});
  write({.name = "b", .points = kPoints});
  const std::string a = "embeddings {\n  tensor_name: \"a\"\n  tensor_path: \"a.tensor.tsv\"\n  tensor_shape: ";
  const std::string b =
      "embeddings {\n  tensor_name: \"b\"\n  tensor_path: \"b.tensor.tsv\"\n  tensor_shape: 2\n  tensor_shape: 3\n}\n";
  EXPECT_EQ(config(), keras + a + "2\n  tensor_shape: 3\n  metadata_path: \"a.metadata.tsv\"\n}\n" + b);
  write({.name = "a", .points = Array{{1.f, 2.f}}});
  EXPECT_EQ(config(), keras + a + "1\n  tensor_shape: 2\n}\n" + b);
  EXPECT_EQ(text("a.tensor.tsv"), "1\t2\n");
}

TEST_F(Projector, ReplacesEntriesHoweverTheyAreWritten) {
  write_text(folder_ / "projector_config.pbtxt",
             "embeddings: < tensor_name: 'w\\157' \"rds\" > "
             "embeddings{tensor_name:\"other\"}embeddings{tensor_name:\"words\"}");
  write({.name = "words", .points = kPoints});
  EXPECT_EQ(config(),
            "embeddings {\n  tensor_name: \"words\"\n  tensor_path: \"words.tensor.tsv\"\n  tensor_shape: 2\n  "
            "tensor_shape: 3\n} "
            "embeddings{tensor_name:\"other\"}\n");
  write_text(folder_ / "projector_config.pbtxt", "model_checkpoint_dir: \"x\"");
  write({.name = "y", .points = kPoints});
  EXPECT_THAT(config(), testing::StartsWith("model_checkpoint_dir: \"x\"\nembeddings {\n"));
}

TEST_F(Projector, GivesEveryNameFilesOfItsOwn) {
  for (const char* name : {"a/b", "a_b", "a:b", "../x", "\"q\" \\", "\xc3\xa9"})
    write({.name = name, .points = kPoints});
  EXPECT_TRUE(fs::exists(folder_ / "a_b.tensor.tsv"));
  EXPECT_TRUE(fs::exists(folder_ / "a_b-2.tensor.tsv"));
  EXPECT_TRUE(fs::exists(folder_ / "a_b-3.tensor.tsv"));
  EXPECT_TRUE(fs::exists(folder_ / "_._x.tensor.tsv"));
  EXPECT_TRUE(fs::exists(folder_ / "_q___.tensor.tsv"));
  EXPECT_TRUE(fs::exists(folder_ / "\xc3\xa9.tensor.tsv"));
  EXPECT_THAT(config(), HasSubstr("tensor_name: \"a_b\"\n  tensor_path: \"a_b-2.tensor.tsv\""));
  EXPECT_THAT(config(), HasSubstr("tensor_name: \"\\\"q\\\" \\\\\"\n"));
  const std::string before = config();
  write({.name = "a_b", .points = kPoints});  // has the same file again
  write({.name = "a/b", .points = kPoints});
  EXPECT_EQ(config(), before);
  const std::string keras =
      "embeddings { tensor_name: \"k\" metadata_path: \"mine.metadata.tsv\" sprite { image_path: \"its.sprite.png\" } "
      "}";
  write_text(folder_ / "projector_config.pbtxt", keras);
  write({.name = "mine", .points = kPoints});
  write({.name = "its", .points = kPoints});
  EXPECT_THAT(config(), HasSubstr("\"mine-2.tensor.tsv\""));
  EXPECT_THAT(config(), HasSubstr("\"its-2.tensor.tsv\""));
}

TEST_F(Projector, ShortensFileNames) {
  const std::string name = std::string(179, 'n') + "\xc3\xa9" + std::string(300, 'm');
  write({.name = name, .points = kPoints});
  write({.name = name + "2", .points = kPoints});
  EXPECT_TRUE(fs::exists(folder_ / (std::string(179, 'n') + ".tensor.tsv")));
  EXPECT_TRUE(fs::exists(folder_ / (std::string(179, 'n') + "-2.tensor.tsv")));
  EXPECT_THAT(config(), HasSubstr("tensor_name: \"" + name + "\"\n"));
}

TEST_F(Projector, LeavesAConfigThatItDoesNotUnderstand) {
  const std::string broken = "embeddings {\n  tensor_name: \"a\n}\n";
  write_text(folder_ / "projector_config.pbtxt", broken);
  EXPECT_EQ(error<FormatError>({.name = "x", .points = kPoints}),
            "[" + (folder_ / "projector_config.pbtxt").string() + "] line 2: a string without an end");
  EXPECT_EQ(config(), broken);
  EXPECT_FALSE(fs::exists(folder_ / "x.tensor.tsv"));
}

TEST_F(Projector, RefusesWhatDoesNotFit) {
  EXPECT_EQ(error<ValueError>({.name = "", .points = kPoints}), "an embedding needs a name that is not empty");
  const std::string shape =
      "[embedding \"x\"] needs points of shape (points, dimensions) with at least 1 point and 2 dimensions, got ";
  EXPECT_EQ(error<ShapeError>({.name = "x", .points = graph::zeros({5})}), shape + "(5,)");
  EXPECT_EQ(error<ShapeError>({.name = "x", .points = graph::zeros({5, 1})}), shape + "(5, 1)");
  EXPECT_EQ(error<ShapeError>({.name = "x", .points = graph::zeros({0, 5})}), shape + "(0, 5)");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = Array{{0.f, 0.f}, {0.f, NAN}}}),
            "[embedding \"x\"] needs finite points, but number 1 has nan in dimension 1");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = Array{{0., 1e300}}}),
            "[embedding \"x\"] needs finite points, but number 0 has inf in dimension 1");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = kPoints, .metadata = {{"a"}}}),
            "[embedding \"x\"] needs a row of metadata for each of the 2 points, got 1");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = kPoints, .metadata = {{"a", "b"}, {"c", "d"}}}),
            "[embedding \"x\"] has rows of metadata with 2 cells but names for 0 columns");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = kPoints, .columns = {"p", "q"}, .metadata = {{"a", "b"}, {"c"}}}),
            "[embedding \"x\"] row 1 of the metadata has 1 cells, the first one has 2");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = kPoints, .columns = {"p"}}),
            "[embedding \"x\"] has 1 columns of metadata but no rows");
  EXPECT_EQ(error<ValueError>({.name = "x", .points = kPoints, .metadata = {{}, {}}}),
            "[embedding \"x\"] has rows of metadata without cells");
  EXPECT_EQ(error<ShapeError>({.name = "x", .points = kPoints, .images = graph::zeros({3, 2, 2})}),
            "[embedding \"x\"] needs an image for each of the 2 points, got images of shape (3, 2, 2)");
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Projector, NamesTheFolderItCannotMake) {
  write_text(folder_ / "file", "");
  EXPECT_THAT(error_text<IoError>([&] { write_embedding(folder_ / "file/sub", {.name = "x", .points = kPoints}); }),
              HasSubstr((folder_ / "file/sub").string() + "] cannot make the folder: Not a directory"));
}

}  // namespace
}  // namespace cornu::io::tensorboard
