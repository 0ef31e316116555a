#include <gmock/gmock.h>

#include "cornu/keras/datasets/cifar10.h"
#include "cornu/keras/datasets/cifar100.h"
#include "tests/io/archive/tar_files.h"
#include "tests/io/mutations.h"
#include "tests/io/pickle/pickles.h"
#include "tests/keras/datasets/keras_home.h"

namespace cornu::keras::datasets {
namespace {

namespace fs = std::filesystem;
namespace pickles = tests::pickles;
using graph::uint8;
using testing::HasSubstr;
using testing::StartsWith;
using tests::error_text;
using tests::write_text;

/// A batch of pictures whose planes of red, green and blue are `first`, `first` + 1, `first` + 2 all over, and so on.
std::string batch(int first, const std::vector<std::int64_t>& labels, const std::string& key = "labels") {
  std::string planes;
  for (std::size_t i = 0; i < 3 * labels.size(); ++i)
    planes += std::string(1024, static_cast<char>(first + static_cast<int>(i)));
  const auto n = static_cast<std::int64_t>(labels.size());
  return pickles::whole(
      pickles::dict({{"batch_label", pickles::text("one of some")},
                     {key, pickles::numbers(labels)},
                     {"data", pickles::array("u1", '|', {n, 3072}, pickles::text(planes))},
                     {"filenames", pickles::list({pickles::text("a.png"), pickles::text("b.png")})}}));
}

std::vector<std::pair<std::string, std::string>> cifar10_files() {
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 1; i <= 5; ++i)
    files.emplace_back("cifar-10-batches-py/data_batch_" + std::to_string(i), batch(10 * i, {i, 9 - i}));
  files.emplace_back("cifar-10-batches-py/test_batch", batch(100, {7}));
  files.emplace_back("cifar-10-batches-py/readme.html", "<a>");
  return files;
}

void expect_cifar10(const Splits& splits) {
  const auto& [train, test] = splits;
  EXPECT_EQ(train.x.spec(), (graph::Spec{uint8, {10, 32, 32, 3}}));
  EXPECT_EQ(test.x.spec(), (graph::Spec{uint8, {1, 32, 32, 3}}));
  EXPECT_TRUE(array_equal(train.y, Array{{1}, {8}, {2}, {7}, {3}, {6}, {4}, {5}, {5}, {4}}.astype(uint8)));
  EXPECT_EQ(train.y.dtype(), uint8);
  EXPECT_TRUE(array_equal(test.y, Array{{7}}.astype(uint8)));
  EXPECT_TRUE(array_equal(train.x[3][5][7], Array{23, 24, 25}.astype(uint8)));
  EXPECT_TRUE(array_equal(test.x[0][31][31], Array{100, 101, 102}.astype(uint8)));
}

class Cifar : public testing::Test {
 protected:
  void write_folder(const fs::path& folder) {
    for (const auto& [name, content] : cifar10_files()) {
      fs::create_directories((folder / name).parent_path());
      write_text(folder / name, content);
    }
  }
  tests::KerasHome home_;
};

TEST_F(Cifar, IsReadFromFoldersAndArchives) {
  write_folder(home_ / "a");
  expect_cifar10(cifar10::load_data(home_ / "a"));
  expect_cifar10(cifar10::load_data(home_ / "a" / "cifar-10-batches-py"));
  write_text(home_ / "c.tar", tests::tar(cifar10_files()));
  expect_cifar10(cifar10::load_data(home_ / "c.tar"));
}

TEST_F(Cifar, IsReadWhereKerasKeepsIt) {
  write_folder(home_.datasets() / "cifar-10-batches-py-target");
  expect_cifar10(cifar10::load_data());
}

TEST_F(Cifar, OfAHundredKinds) {
  const auto write = [&](const std::string& name, int first, const std::vector<std::int64_t>& fine) {
    std::vector<std::int64_t> coarse;
    for (const std::int64_t label : fine) coarse.push_back(label / 5);
    std::string both = batch(first, fine, "fine_labels");
    both.insert(both.find("U\x09"
                          "filenames"),
                pickles::text("coarse_labels") + pickles::numbers(coarse));
    write_text(home_ / "h" / name, both);
  };
  fs::create_directories(home_ / "h");
  write("train", 1, {99, 0});
  write("test", 9, {42});
  auto [train, test] = cifar100::load_data("fine", home_ / "h");
  EXPECT_TRUE(array_equal(train.y, Array{{99}, {0}}.astype(uint8)));
  EXPECT_TRUE(array_equal(test.x[0][0][0], Array{9, 10, 11}.astype(uint8)));
  EXPECT_TRUE(array_equal(cifar100::load_data("coarse", home_ / "h").train.y, Array{{19}, {0}}.astype(uint8)));
  EXPECT_EQ(error_text<ValueError>([&] { cifar100::load_data("rough", home_ / "h"); }),
            "cifar100::load_data: label_mode must be 'fine' or 'coarse', got 'rough'");
}

TEST_F(Cifar, OtherContentIsNamed) {
  write_folder(home_ / "a");
  const fs::path file = home_ / "a" / "cifar-10-batches-py" / "data_batch_2";
  const auto error = [&](const std::string& content) {
    write_text(file, content);
    return error_text<FormatError>([&] { cifar10::load_data(home_ / "a"); });
  };
  EXPECT_EQ(error(batch(0, {1, 10})), "[" + file.string() + "] label 10 of sample 1 is out of range: expected 0 to 9");
  EXPECT_EQ(error(batch(0, {1, 1}, "names")),
            "[" + file.string() + "] has no 'labels'; it has 'filenames', 'data', 'names', 'batch_label'");
  EXPECT_THAT(error(pickles::whole("cos\nsystem\n")), HasSubstr("names os.system"));
  EXPECT_THAT(
      error(pickles::whole(pickles::dict({{"data", pickles::array("f4", '<', {1, 1}, pickles::text("0000"))}}))),
      HasSubstr("expected images of dtype uint8 and shape (n, 3072), got float32(1, 1)"));
  EXPECT_THAT(error("nothing"), StartsWith("[" + file.string() + "] "));
  fs::remove(file);
  EXPECT_THAT(error_text<IoError>([&] { cifar10::load_data(home_ / "a"); }),
              HasSubstr("the folder has no file data_batch_2; cifar10 needs data_batch_1 to test_batch"));
  write_text(home_ / "c.tar", tests::tar({{"test_batch", batch(1, {1})}}));
  EXPECT_THAT(error_text<FormatError>([&] { cifar10::load_data(home_ / "c.tar"); }),
              HasSubstr("the archive has no file data_batch_1, which cifar10 needs"));
  EXPECT_THAT(error_text<IoError>([&] { cifar10::load_data(home_ / "none"); }),
              HasSubstr("no such file or folder. cifar10::load_data takes a folder of batches"));
}

}  // namespace
}  // namespace cornu::keras::datasets
