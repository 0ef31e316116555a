#include "cornu/keras/datasets/mnist.h"

#include <gmock/gmock.h>

#include "cornu/io/npy/npz.h"
#include "cornu/keras/datasets/fashion_mnist.h"
#include "cornu/keras/datasets/internal/files.h"
#include "tests/io/mutations.h"
#include "tests/keras/datasets/keras_home.h"
#include "tests/support/shared_data.h"

namespace cornu::keras::datasets {
namespace {

namespace fs = std::filesystem;
using graph::uint8;
using testing::HasSubstr;
using testing::StartsWith;
using tests::error_text;
using tests::write_text;

Array images(int n, int first) {
  Array x = graph::zeros({n, 28, 28}, uint8);
  for (int i = 0; i < n; ++i) x.data<std::uint8_t>()[i * 784] = static_cast<std::uint8_t>(first + i);
  return x;
}

Array labels(std::initializer_list<int> values) { return Array(values).astype(uint8); }

/// An IDX file of bytes.
std::string idx(const Array& a) {
  std::string bytes{'\0', '\0', '\x08', static_cast<char>(a.ndim())};
  for (std::int64_t dim : a.shape())
    for (int shift : {24, 16, 8, 0}) bytes += static_cast<char>(dim >> shift & 255);
  return bytes + std::string(reinterpret_cast<const char*>(a.bytes()), a.nbytes());
}

class Mnist : public testing::Test {
 protected:
  void write_npz(const fs::path& path, const Array& y_train = labels({3, 0, 9})) {
    io::npy::savez(
        path, {{"x_train", images(3, 1)}, {"y_train", y_train}, {"x_test", images(2, 50)}, {"y_test", labels({7, 1})}});
  }
  void write_folder(const fs::path& folder, const std::string& separator) {
    fs::create_directories(folder);
    write_text(folder / ("train-images" + separator + "idx3-ubyte"), idx(images(3, 1)));
    write_text(folder / ("train-labels" + separator + "idx1-ubyte"), idx(labels({3, 0, 9})));
    write_text(folder / ("t10k-images" + separator + "idx3-ubyte"), idx(images(2, 50)));
    write_text(folder / ("t10k-labels" + separator + "idx1-ubyte"), idx(labels({7, 1})));
  }
  static void expect_written(const Splits& splits) {
    const auto& [train, test] = splits;
    EXPECT_EQ(train.x.spec(), (graph::Spec{uint8, {3, 28, 28}}));
    EXPECT_EQ(test.x.spec(), (graph::Spec{uint8, {2, 28, 28}}));
    EXPECT_TRUE(array_equal(train.y, labels({3, 0, 9})));
    EXPECT_EQ(train.y.dtype(), uint8);
    EXPECT_TRUE(array_equal(test.y, labels({7, 1})));
    EXPECT_EQ(static_cast<int>(train.x.span<std::uint8_t>()[784]), 2);
    EXPECT_EQ(static_cast<int>(test.x.span<std::uint8_t>()[784]), 51);
  }

  tests::KerasHome folder_;
};

TEST_F(Mnist, ReadsAnNpzFile) {
  write_npz(folder_ / "m.npz");
  expect_written(mnist::load_data(folder_ / "m.npz"));
  expect_written(fashion_mnist::load_data(folder_ / "m.npz"));
  write_npz(folder_ / "wide.npz", Array{std::int64_t{3}, std::int64_t{0}, std::int64_t{9}});
  expect_written(mnist::load_data(folder_ / "wide.npz"));
}

TEST_F(Mnist, ReadsAFolderOfIdxFiles) {
  write_folder(folder_ / "dash", "-");
  write_folder(folder_ / "point", ".");
  expect_written(mnist::load_data(folder_ / "dash"));
  expect_written(mnist::load_data(folder_ / "point"));
}

TEST_F(Mnist, LooksIntoKerasFolder) {
  write_npz(folder_ / "keras" / "datasets" / "my-digits.npz");
  expect_written(mnist::load_data("my-digits.npz"));
  write_folder(folder_ / "keras" / "datasets" / "fashion-mnist", "-");
  expect_written(fashion_mnist::load_data());
}

TEST_F(Mnist, AMissingFileSaysWhatToDo) {
  EXPECT_EQ(error_text<IoError>([&] { mnist::load_data(folder_ / "none.npz"); }),
            "[" + (folder_ / "none.npz").string() +
                "] no such file or folder. mnist::load_data takes an .npz file or a folder of IDX files; called "
                "without a path it downloads the data to " +
                (folder_ / "keras" / "datasets").string());
  fs::create_directories(folder_ / "empty");
  EXPECT_THAT(error_text<IoError>([&] { mnist::load_data(folder_ / "empty"); }),
              HasSubstr("the folder has no file train-images-idx3-ubyte or"));
  EXPECT_EQ(error_text<IoError>([&] {
              internal::with_hint("mnist", "/there/mnist.npz", []() -> fs::path { throw IoError("no network"); });
            }),
            "no network. Without a network, put the data at /there/mnist.npz or give its path to mnist::load_data");
}

TEST_F(Mnist, OtherContentIsNamed) {
  const fs::path path = folder_ / "m.npz";
  const auto error = [&] { return error_text<FormatError>([&] { mnist::load_data(path); }); };
  write_npz(path, labels({3, 10, 9}));
  EXPECT_EQ(error(), "[" + path.string() + ": y_train] label 10 of sample 1 is out of range: expected 0 to 9");
  write_npz(path, labels({3, 1}));
  EXPECT_EQ(error(), "[" + path.string() + ": y_train] 2 labels for 3 images");
  write_npz(path, Array{3.f, 0.f, 9.f});
  EXPECT_THAT(error(), HasSubstr("y_train] expected labels of an integer dtype and shape (n,), got float32 (3,)"));
  io::npy::savez(path, {{"x_train", graph::zeros({3, 28, 28})}, {"y_train", labels({1, 2, 3})}});
  EXPECT_THAT(error(),
              HasSubstr("x_train] expected images of dtype uint8 and shape (n, 28, 28), got float32 (3, 28, 28)"));
  io::npy::savez(path, {{"x", Array{1}}});
  EXPECT_THAT(error(), HasSubstr("has no array 'x_train'; expected are x_train, y_train, x_test and y_test"));
  write_text(path, "no archive");
  EXPECT_THAT(error(), HasSubstr("not a ZIP archive"));
}

TEST_F(Mnist, TheRealFilesAreRight) {
  const fs::path path = tests::shared_folder() / "data" / "mnist.npz";
  if (!fs::exists(path)) GTEST_SKIP() << path << " is not there";
  auto [train, test] = mnist::load_data(path);
  EXPECT_EQ(train.x.shape(), Shape({60000, 28, 28}));
  EXPECT_EQ(test.y.shape(), Shape({10000}));
  EXPECT_TRUE(array_equal(train.y.slice(0, 5), labels({5, 0, 4, 1, 9})));
  EXPECT_EQ(sum(train.x.slice(0, 1)).item<std::int64_t>(), 27525);
}

TEST_F(Mnist, TheFashionFilesOfDebianAreRight) {
  if (!fs::exists("/usr/share/datasets/fashion-mnist"))
    GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  auto [train, test] = fashion_mnist::load_data();
  EXPECT_EQ(train.x.shape(), Shape({60000, 28, 28}));
  EXPECT_EQ(test.x.shape(), Shape({10000, 28, 28}));
  EXPECT_TRUE(array_equal(train.y.slice(0, 5), labels({9, 0, 0, 3, 0})));
  EXPECT_TRUE(array_equal(test.y.slice(0, 5), labels({9, 2, 1, 1, 6})));
}

}  // namespace
}  // namespace cornu::keras::datasets
