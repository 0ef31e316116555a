#include "cornu/io/hdf5/reader.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

#include "cornu/io/hdf5/writer.h"
#include "tests/io/hdf5/foreign_file.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::ForeignFile;
using tests::TemporaryFolder;

template <class T>
std::vector<T> values(const Array& a) {
  return {a.span<T>().begin(), a.span<T>().end()};
}

TEST(Hdf5Reader, NumbersBecomeTheNearestDtype) {
  TemporaryFolder folder;
  const auto path = folder / "a.h5";
  const std::int64_t whole[] = {0, 1, 100};
  const double real[] = {0.5, -2, 3};
  {
    ForeignFile file(path);
    file.dataset("i8", H5T_STD_I8BE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("u8", H5T_STD_U8LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("u16", H5T_STD_U16LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("i32", H5T_STD_I32BE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("u32", H5T_STD_U32LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("i64", H5T_STD_I64LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("u64", H5T_STD_U64LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("f32", H5T_IEEE_F32BE, H5T_NATIVE_DOUBLE, {3, 1}, real);
    file.dataset("f64", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {1, 3}, real);
    const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
    H5Tset_fields(half, 15, 10, 5, 0, 10);
    H5Tset_size(half, 2);
    H5Tset_ebias(half, 15);
    file.dataset("f16", half, H5T_NATIVE_DOUBLE, {3}, real);
    H5Tclose(half);
    file.dataset("scalar", H5T_STD_I64LE, H5T_NATIVE_INT64, {}, whole + 2);
    file.dataset("none", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {0, 4}, nullptr);
    const float seven = 7;
    const hid_t filled = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_fill_value(filled, H5T_NATIVE_FLOAT, &seven);
    file.dataset("unwritten", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {2}, nullptr, filled);
  }
  const Group root = File(path).root();
  const std::vector<std::pair<std::string, DType>> dtypes{
      {"i8", int32}, {"u8", uint8}, {"u16", int32}, {"i32", int32}, {"u32", int64}, {"i64", int64}, {"u64", int64}};
  for (const auto& [name, dtype] : dtypes) {
    const Array a = root.dataset(name);
    EXPECT_EQ(a.dtype(), dtype) << name;
    EXPECT_EQ(root.dataset_spec(name), a.spec()) << name;
    EXPECT_THAT(values<std::int64_t>(a.astype(int64)), ElementsAre(0, 1, 100)) << name;
  }
  for (const char* name : {"f16", "f32", "f64"})
    EXPECT_THAT(values<double>(root.dataset(name).astype(float64)), ElementsAre(0.5, -2, 3)) << name;
  EXPECT_EQ(root.dataset_spec("f16"), (Spec{float32, {3}}));
  EXPECT_EQ(root.dataset_spec("f32"), (Spec{float32, {3, 1}}));
  EXPECT_EQ(root.dataset_spec("f64"), (Spec{float64, {1, 3}}));
  EXPECT_EQ(root.dataset("scalar").shape(), Shape{});
  EXPECT_EQ(root.dataset("scalar").item<int>(), 100);
  EXPECT_EQ(root.dataset("none").shape(), (Shape{0, 4}));
  EXPECT_THAT(values<float>(root.dataset("unwritten")), ElementsAre(7, 7));
}

TEST(Hdf5Reader, ChunksAreUnpacked) {
  TemporaryFolder folder;
  const auto path = folder / "a.h5";
  std::vector<float> numbers(70 * 30);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i) / 8;
  {
    ForeignFile file(path);
    file.dataset("plain", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {70, 30}, numbers.data(),
                 ForeignFile::chunked({3, 4}, false));
    file.dataset("sum", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {70, 30}, numbers.data(),
                 ForeignFile::chunked({16, 16}, false, false, true));
    file.dataset("all", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {70, 30}, numbers.data(),
                 ForeignFile::chunked({16, 16}, true, true, true));
    file.dataset("unwritten", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {5}, nullptr, ForeignFile::chunked({2}, true));
  }
  const Group root = File(path).root();
  for (const char* name : {"plain", "sum", "all"}) EXPECT_EQ(values<float>(root.dataset(name)), numbers) << name;
  EXPECT_THAT(values<float>(root.dataset("unwritten")), ElementsAre(0, 0, 0, 0, 0));
}

TEST(Hdf5Reader, TheNewFileFormIsReadWhereItIsCompact) {
  TemporaryFolder folder;
  const auto path = folder / "a.h5";
  {
    ForeignFile file(path, true);
    file.group("g");
    const double x[] = {1, 2};
    file.dataset("g/x", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {2}, x);
    const hid_t text = ForeignFile::text_type(H5T_VARIABLE);
    const char* names[] = {"one", "two"};
    file.attribute("names", text, {2}, names);
    H5Tclose(text);
  }
  const Group root = File(path).root();
  EXPECT_THAT(root.texts("names"), ElementsAre("one", "two"));
  EXPECT_THAT(values<double>(root.dataset("g/x")), ElementsAre(1, 2));
}

TEST(Hdf5Reader, TextsOfEveryPadding) {
  TemporaryFolder folder;
  const auto path = folder / "a.h5";
  {
    ForeignFile file(path);
    const hid_t nul = ForeignFile::text_type(4), pad = ForeignFile::text_type(4, H5T_STR_NULLPAD),
                space = ForeignFile::text_type(4, H5T_STR_SPACEPAD),
                variable = ForeignFile::text_type(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_ASCII);
    file.attribute("nul", nul, {2}, "ab\0xabc");
    file.attribute("pad", pad, {2}, "a\0b\0abcd");
    file.attribute("space", space, {2}, "a b     ");
    const char* texts[] = {"", nullptr, "long enough"};
    file.attribute("variable", variable, {3}, texts);
    file.attribute("one", variable, {1}, texts + 2);
    file.attribute("scalar", nul, {}, "xyz");
    const double none = 0;
    file.attribute("nothing", H5T_IEEE_F64LE, {0}, &none);
    for (hid_t type : {nul, pad, space, variable}) H5Tclose(type);
  }
  const Group root = File(path).root();
  EXPECT_THAT(root.texts("nul"), ElementsAre("ab", "abc"));
  EXPECT_THAT(root.texts("pad"), ElementsAre(std::string("a\0b", 3), "abcd"));
  EXPECT_THAT(root.texts("space"), ElementsAre("a b", ""));
  EXPECT_THAT(root.texts("variable"), ElementsAre("", "", "long enough"));
  EXPECT_EQ(root.text("one"), "long enough");
  EXPECT_EQ(root.text("scalar"), "xyz");
  EXPECT_TRUE(root.texts("nothing").empty());
  EXPECT_THAT(root.attributes(), ElementsAre("nothing", "nul", "one", "pad", "scalar", "space", "variable"));
}

class Hdf5ReaderErrors : public testing::Test {
 protected:
  Hdf5ReaderErrors() : path_(folder_ / "m.h5") {
    {
      ForeignFile file(path_);
      file.group("g");
      const std::uint64_t huge = ~std::uint64_t{0};
      file.dataset("huge", H5T_STD_U64LE, H5T_NATIVE_UINT64, {}, &huge);
      file.dataset("axes", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {1, 1, 1, 1, 1, 1, 1, 1, 1}, nullptr);
      const hid_t text = ForeignFile::text_type(3);
      file.dataset("texts", text, text, {1}, "abc");
      file.attribute("word", text, {}, "abc");
      file.attribute("words", text, {2}, "abcdef");
      H5Tclose(text);
      const hid_t raw = H5Tcreate(H5T_OPAQUE, 3);
      file.dataset("raw", raw, raw, {1}, "abc");
      H5Tclose(raw);
      const double numbers[] = {1.5, 2.5};
      file.attribute("pair", H5T_NATIVE_DOUBLE, {2}, numbers);
      file.attribute("real", H5T_NATIVE_DOUBLE, {}, numbers);
      const hid_t null = H5Screate(H5S_NULL);
      H5Aclose(H5Acreate2(file.id(), "null", H5T_NATIVE_FLOAT, null, H5P_DEFAULT, H5P_DEFAULT));
      H5Sclose(null);
    }
    root_ = std::make_unique<Group>(File(path_).root());
  }
  std::string error(const std::function<void(const Group&)>& f) {
    std::string text = error_text<FormatError>([&] { f(*root_); });
    const std::string start = path_.string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }
  TemporaryFolder folder_;
  std::filesystem::path path_;
  std::unique_ptr<Group> root_;
};

TEST_F(Hdf5ReaderErrors, Attributes) {
  EXPECT_EQ(error([](auto& g) { g.text("a"); }), "/ has no attribute \"a\"");
  EXPECT_EQ(error([](auto& g) { g.texts("a"); }), "/ has no attribute \"a\"");
  EXPECT_EQ(error([](auto& g) { g.text("words"); }), "/: attribute \"words\" holds 2 texts instead of one");
  EXPECT_EQ(error([](auto& g) { g.text("real"); }), "/: attribute \"real\" holds numbers, not texts");
  EXPECT_EQ(error([](auto& g) { g.number("word"); }), "/: attribute \"word\" holds texts, not numbers");
  EXPECT_EQ(error([](auto& g) { g.number("pair"); }), "/: attribute \"pair\" is float64(2,) instead of one number");
  EXPECT_EQ(error([](auto& g) { g.integer("real"); }), "/: attribute \"real\" is float64() instead of one integer");
  EXPECT_EQ(error([](auto& g) { g.array("null"); }), "/: attribute \"null\" holds no value");
  EXPECT_EQ(root_->number("real"), 1.5);
}

TEST_F(Hdf5ReaderErrors, Objects) {
  EXPECT_EQ(error([](auto& g) { g.dataset("g/x"); }), "/g/x: not in the file");
  EXPECT_EQ(error([](auto& g) { g.dataset("huge/x"); }), "/huge/x: not in the file");
  EXPECT_EQ(error([](auto& g) { g.dataset("g"); }), "/g is a group, not a dataset");
  EXPECT_EQ(error([](auto& g) { g.group("huge"); }), "/huge is a dataset, not a group");
  EXPECT_EQ(error([](auto& g) { g.dataset("huge"); }),
            "/huge holds 18446744073709551615, which is too large for int64");
  EXPECT_EQ(error([](auto& g) { g.dataset("axes"); }), "/axes has 9 axes (at most 8 are read)");
  EXPECT_EQ(error([](auto& g) { g.dataset("texts"); }), "/texts holds texts, not numbers");
  EXPECT_EQ(error([](auto& g) { g.dataset_spec("raw"); }), "/raw holds opaque elements of 3 bytes, not numbers");
}

TEST(Hdf5Reader, GroupsAndPaths) {
  TemporaryFolder folder;
  {
    Writer writer(folder / "a.h5");
    auto vars = writer.root().group("layers/dense/vars");
    for (int i = 0; i < 12; ++i) vars.dataset(std::to_string(i), Array::scalar(static_cast<float>(i)));
    vars.integer("n", 12);
    writer.commit();
  }
  Group layers = File(folder / "a.h5").root().group("layers");  // keeps the file open
  EXPECT_EQ(layers.path(), "/layers");
  EXPECT_EQ(layers.group("dense/vars").path(), "/layers/dense/vars");
  EXPECT_THAT(layers.group("dense/vars").children(),
              ElementsAre("0", "1", "10", "11", "2", "3", "4", "5", "6", "7", "8", "9"));
  EXPECT_TRUE(layers.has("dense") && layers.has("dense/vars/11") && layers.is_group("dense/vars"));
  EXPECT_FALSE(layers.has("dense/vars/12") || layers.has("x/y") || layers.is_group("dense/vars/1") ||
               layers.is_group("x"));
  EXPECT_TRUE(layers.group("dense/vars").has_attribute("n"));
  EXPECT_FALSE(layers.has_attribute("n"));
  EXPECT_EQ(layers.at("dense/vars/11").read().item<float>(), 11);
}

TEST(Hdf5Reader, MissingAndForeignFiles) {
  TemporaryFolder folder;
  EXPECT_THAT(error_text<IoError>([&] { File(folder / "a.h5"); }),
              HasSubstr("a.h5: cannot be opened: No such file or directory"));
  EXPECT_THAT(error_text<IoError>([&] { File(folder.path()); }), HasSubstr("not a regular file"));
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_text<IoError>([&] { File(folder / "pipe"); }), HasSubstr("not a regular file"));
  tests::write_text(folder / "b.h5", "");
  EXPECT_THAT(error_text<FormatError>([&] { File(folder / "b.h5"); }),
              HasSubstr("b.h5: not a sound HDF5 file: the file is empty"));
  tests::write_text(folder / "c.h5", "PK\x03\x04, a zip archive");
  EXPECT_THAT(error_text<FormatError>([&] { File(folder / "c.h5"); }), HasSubstr("not an HDF5 file"));
}

TEST(Hdf5Reader, ThreadsMayReadAtOnce) {
  TemporaryFolder folder;
  {
    Writer writer(folder / "a.h5");
    for (int i = 0; i < 4; ++i) writer.root().dataset("x" + std::to_string(i), full({100}, i));
    writer.commit();
  }
  const File shared(folder / "a.h5");
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 20; ++n) {
        const File own = n % 2 ? shared : File(folder / "a.h5");
        right += own.root().dataset("x" + std::to_string(i)).astype(int32)[99].item<int>() == i;
        Writer other(folder / ("out" + std::to_string(i)));
        other.root().integer("n", n);
        if (n == 19) other.commit();
      }
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(right, 80);
  EXPECT_EQ(File(folder / "out3").root().integer("n"), 19);
}

TEST(Hdf5Reader, TheProgramKeepsItsWayOfPrintingErrors) {
  H5E_auto2_t printer = nullptr, after = nullptr;
  void* data = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &printer, &data);
  ASSERT_NE(printer, nullptr);
  TemporaryFolder folder;
  EXPECT_THROW(File(folder / "a.h5"), IoError);
  H5Eget_auto2(H5E_DEFAULT, &after, &data);
  EXPECT_EQ(printer, after);
}

}  // namespace
}  // namespace cornu::io::hdf5
