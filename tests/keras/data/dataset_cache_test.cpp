// Dataset::cache in a file, and Rows of files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "cornu/io/hdf5/writer.h"
#include "cornu/io/npy/npy.h"
#include "cornu/keras/data/dataset.h"
#include "cornu/keras/data/rows.h"
#include "tests/keras/data/elements.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::data {
namespace {

namespace fs = std::filesystem;
using graph::int64;
using testing::HasSubstr;
using tests::error_text;
using tests::lists;
using tests::numbers;
using Lists = std::vector<std::vector<std::int64_t>>;

class DatasetFiles : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("cornu_dataset_") + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string bytes(const fs::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(const fs::path& path, const std::string& bytes) const { std::ofstream(path, std::ios::binary) << bytes; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(DatasetFiles, CacheFilesHoldElementsWithTheirNames) {
  const auto calls = std::make_shared<std::atomic<int>>(0);
  const fs::path path = folder_ / "cache";
  const auto described = [&] {
    return Dataset::from_tensor_slices({{{"a", arange(0, 5)}, {"b", arange(5, 10, 1, int64)}}, ones({5, 2})})
        .map([calls](const Element& e) { return ++*calls, e; })
        .cache(path);
  };
  const Dataset cached = described();
  {
    auto i = cached.begin();  // the pass is not whole
    ++i;
  }
  EXPECT_EQ(files(), 0u) << "and nothing is left of it";
  std::vector<std::string> first, second;
  for (const Element& e : cached) first.push_back(graph::message(e, e.part(0)["a"], e.part(0)["b"], e[1]));
  EXPECT_EQ(files(), 1u);
  const int before = *calls;
  for (const Element& e : described()) second.push_back(graph::message(e, e.part(0)["a"], e.part(0)["b"], e[1]));
  EXPECT_EQ(first, second) << "of another data set, as in another process";
  EXPECT_EQ(first.size(), 5u);
  EXPECT_EQ(*calls, before);
  EXPECT_EQ(described().cardinality(), 5);
  EXPECT_EQ((*described().skip(3).begin()).part(0)["a"].item<int>(), 3);
  const Dataset unknown = Dataset::range(4).filter([](const Element&) { return true; }).cache(folder_ / "other");
  EXPECT_EQ(numbers(unknown), (std::vector<std::int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(unknown.cardinality(), 4) << "known from the file";
}

TEST_F(DatasetFiles, DamagedCachesAreErrors) {
  const fs::path path = folder_ / "cache";
  const Dataset cached = Dataset::range(3).batch(2).cache(path);
  lists(cached);
  const std::string whole = bytes(path);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    write(path, whole.substr(0, n));
    EXPECT_THROW(lists(cached), FormatError) << n << " of " << whole.size() << " bytes";
  }
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string damaged = whole;
    damaged[n] = static_cast<char>(damaged[n] ^ 0x81);
    write(path, damaged);
    try {
      lists(cached);
    } catch (const Error&) {  // a number may be another one
    }
  }
  write(path, "something else, which is long enough");
  EXPECT_EQ(error_text<FormatError>([&] { lists(cached); }),
            graph::message("[", path.string(), "] this is no cache of a Dataset"));
  EXPECT_THAT(error_text<IoError>([&] { lists(Dataset::range(3).cache(folder_ / "none" / "cache")); }),
              HasSubstr("none"));
}

TEST_F(DatasetFiles, RowsComeFromNpyFiles) {
  const Array x = arange(0, 60).reshape({20, 3});
  io::npy::save(folder_ / "x.npy", x);
  const Rows rows = Rows::npy(folder_ / "x.npy");
  EXPECT_EQ(rows.size(), 20);
  EXPECT_EQ(rows.spec(), x.spec());
  EXPECT_TRUE(array_equal(rows.row(7), x[7]));
  const std::vector<std::int64_t> some{3, 4, 5, 19, 0, 0};
  EXPECT_TRUE(array_equal(rows.gather(some), x.take(some)));
  const auto order = [&](const Dataset& d) { return lists(d.shuffle(20, {.seed = 2}).batch(6)); };
  EXPECT_EQ(order(Dataset::from_tensor_slices({rows})), order(Dataset::from_tensor_slices(x)));
  const Dataset pairs = Dataset::from_tensor_slices({rows, Rows(arange(0, 20))});
  for (const Element& e : pairs.shuffle(5).batch(4))
    EXPECT_TRUE(array_equal(e[0].slice(0, 1, 1, 1).flatten(), e[1] * 3));
  EXPECT_EQ(error_text<ValueError>([&] {
              Dataset::from_tensor_slices({rows, Rows(arange(0, 3))});
            }),
            "Dataset.from_tensor_slices: expected as many rows in each array, got float32(20, 3) and float32(3,)");
}

TEST_F(DatasetFiles, RowsComeFromHdf5Files) {
  const Array x = arange(0, 60, 1, int64).reshape({20, 3});
  io::hdf5::Writer file(folder_ / "set.h5");
  file.root().dataset("train/x", x);
  file.root().dataset("scalar", Array::scalar(1.f));
  file.commit();
  const Rows rows = Rows::hdf5(folder_ / "set.h5", "train/x");
  EXPECT_EQ(rows.spec(), x.spec());
  EXPECT_TRUE(array_equal(rows.row(7), x[7]));
  const std::vector<std::int64_t> some{3, 4, 5, 19, 0, 0};
  EXPECT_TRUE(array_equal(rows.gather(some), x.take(some)));
  EXPECT_THROW(Rows::hdf5(folder_ / "set.h5", "train/y"), FormatError);
  EXPECT_EQ(error_text<ShapeError>([&] { Rows::hdf5(folder_ / "set.h5", "scalar"); }),
            "data::Rows: expected an axis of rows, got float32()");
}

}  // namespace
}  // namespace cornu::keras::data
