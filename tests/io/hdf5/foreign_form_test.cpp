// Legal files in forms that neither Keras nor Cornu writes by itself: links, user blocks, and what only the isolated
// reader reads.

#include <gmock/gmock.h>

#include "cornu/io/hdf5/reader.h"
#include "tests/io/hdf5/foreign_file.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using tests::error_text;
using tests::ForeignFile;

class Hdf5ForeignForm : public testing::Test {
 protected:
  Hdf5ForeignForm() : numbers_(40 * 30) {
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i] = static_cast<float>(i) / 4;
  }
  /// The root of a file that `write` fills, the old form first and the new one then.
  template <class Write, class Check>
  void in_both_forms(Write write, Check check, hsize_t user_block = 0) {
    for (const bool latest : {false, true}) {
      SCOPED_TRACE(latest ? "new form" : "old form");
      {
        ForeignFile file(path_, latest, user_block);
        write(file);
      }
      for (const bool isolated : {false, true}) check(File(path_, {.isolated = isolated}).root());
    }
  }
  void expect_numbers(const Group& root, const std::string& path) {
    const Array a = root.dataset(path);
    EXPECT_EQ(a.spec(), (Spec{float32, {40, 30}})) << path;
    EXPECT_TRUE(std::equal(numbers_.begin(), numbers_.end(), a.span<float>().begin())) << path;
  }
  void write_numbers(ForeignFile& file, const char* name, hid_t create = H5P_DEFAULT) {
    file.dataset(name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {40, 30}, numbers_.data(), create);
  }
  std::string error(const std::function<void()>& f) {
    const std::string text = error_text<FormatError>(f), start = path_.string() + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }

  std::vector<float> numbers_;
  tests::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "m.h5";
};

TEST_F(Hdf5ForeignForm, HardAndSoftLinks) {
  in_both_forms(
      [&](ForeignFile& file) {
        file.group("a");
        file.group("b");
        write_numbers(file, "a/x");
        H5Lcreate_hard(file.id(), "a/x", file.id(), "b/hard", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_hard(file.id(), "/", file.id(), "b/root", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/a/x", file.id(), "b/soft", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/a", file.id(), "group", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/nothing", file.id(), "b/dangling", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/loop", file.id(), "loop", H5P_DEFAULT, H5P_DEFAULT);
      },
      [&](const Group& root) {
        for (const char* path : {"a/x", "b/hard", "b/soft", "group/x", "b/root/a/x", "b/root/b/root/b/soft"})
          expect_numbers(root, path);
        EXPECT_THAT(root.group("b").children(), ElementsAre("dangling", "hard", "root", "soft"));
        EXPECT_TRUE(root.is_group("group") && root.has("b/soft") && !root.is_group("b/soft"));
        EXPECT_FALSE(root.has("b/dangling") || root.has("loop") || root.has("loop/x"));
        EXPECT_EQ(error([&] { root.dataset("b/dangling"); }), "/b/dangling: not in the file");
        EXPECT_EQ(error([&] { root.group("loop"); }), "/loop: not in the file");
      });
}

TEST_F(Hdf5ForeignForm, OtherFilesAreNotRead) {
  in_both_forms(
      [&](ForeignFile& file) {
        write_numbers(file, "x");
        H5Lcreate_external("other.h5", "/x", file.id(), "outside", H5P_DEFAULT, H5P_DEFAULT);
        H5Lcreate_soft("/outside/y", file.id(), "soft", H5P_DEFAULT, H5P_DEFAULT);
        const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_external(create, "/etc/passwd", 0, 4);
        file.dataset("bytes", H5T_STD_U8LE, H5T_NATIVE_UINT8, {4}, nullptr, create);
      },
      [&](const Group& root) {
        { ForeignFile other(folder_ / "other.h5"); }
        expect_numbers(root, "x");
        const std::string link = "/outside is a link to /x of the file \"other.h5\", which is not followed";
        EXPECT_EQ(error([&] { root.dataset("outside"); }), link);
        EXPECT_EQ(error([&] { root.group("outside"); }), link);
        EXPECT_EQ(error([&] { root.dataset_spec("outside"); }), link);
        EXPECT_FALSE(root.has("soft"));
        EXPECT_EQ(error([&] { root.dataset("bytes"); }), "/bytes has its values in another file, which is not read");
      });
}

TEST_F(Hdf5ForeignForm, VirtualDatasetsAreNotLookedUp) {
  {
    ForeignFile file(path_, true);
    const hsize_t dims[] = {4};
    const hid_t space = H5Screate_simple(1, dims, nullptr), create = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_virtual(create, space, "other.h5", "/x", space);
    file.dataset("x", H5T_STD_U8LE, H5T_NATIVE_UINT8, {4}, nullptr, create);
    H5Sclose(space);
  }
  EXPECT_THAT(error([&] { File(path_).root().dataset("x"); }), HasSubstr("/x is made of parts of other datasets"));
}

TEST_F(Hdf5ForeignForm, UserBlocks) {
  for (const hsize_t user_block : {512, 2048})
    in_both_forms(
        [&](ForeignFile& file) {
          write_numbers(file, "plain");
          write_numbers(file, "chunked", ForeignFile::chunked({7, 30}, true));
          const hid_t text = ForeignFile::text_type(H5T_VARIABLE);
          const char* words[] = {"one", "two"};
          file.attribute("words", text, {2}, words);
          H5Tclose(text);
        },
        [&](const Group& root) {
          expect_numbers(root, "plain");
          expect_numbers(root, "chunked");
          EXPECT_THAT(root.texts("words"), ElementsAre("one", "two"));
        },
        user_block);
}

TEST_F(Hdf5ForeignForm, AFileBehindOtherBytes) {
  {
    ForeignFile file(path_);
    write_numbers(file, "x");
  }
  tests::write_text(path_, std::string(512, '#') + tests::read_text(path_));
  expect_numbers(File(path_).root(), "x");
}

TEST_F(Hdf5ForeignForm, ManyEntriesAndAttributes) {
  in_both_forms(
      [&](ForeignFile& file) {
        for (int i = 0; i < 50; ++i) {
          const std::string name = "g" + std::to_string(i);
          file.group(name.c_str());
          const double value = i;
          file.attribute(name.c_str(), H5T_NATIVE_DOUBLE, {}, &value);
        }
        write_numbers(file, "g7/x");
      },
      [&](const Group& root) {
        EXPECT_EQ(root.children().size(), 50u);
        EXPECT_EQ(root.attributes().size(), 50u);
        EXPECT_EQ(root.number("g49"), 49);
        expect_numbers(root, "g7/x");
      });
}

TEST_F(Hdf5ForeignForm, GroupsThatKeepTheOrderOfTheirMaking) {
  for (const int count : {3, 12})
    in_both_forms(
        [&](ForeignFile& file) {
          constexpr unsigned kKept = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
          const hid_t create = H5Pcreate(H5P_GROUP_CREATE);
          H5Pset_link_creation_order(create, kKept);
          H5Pset_attr_creation_order(create, kKept);
          const hid_t group = H5Gcreate2(file.id(), "g", H5P_DEFAULT, create, H5P_DEFAULT);
          for (int i = count; i-- > 0;) {
            const std::string name = std::string("g/") + static_cast<char>('a' + i);
            write_numbers(file, name.c_str());
            const hid_t space = H5Screate(H5S_SCALAR);
            H5Aclose(H5Acreate2(group, name.c_str() + 2, H5T_NATIVE_INT32, space, H5P_DEFAULT, H5P_DEFAULT));
            H5Sclose(space);
          }
          H5Gclose(group);
          H5Pclose(create);
        },
        [&](const Group& root) {
          const Group group = root.group("g");
          EXPECT_EQ(group.children().size(), static_cast<std::size_t>(count));
          EXPECT_EQ(group.children(), group.attributes());
          EXPECT_EQ(group.children()[0], "a");
          expect_numbers(group, "b");
        });
}

TEST_F(Hdf5ForeignForm, AttributesLargerThanAHeader) {
  const std::vector<double> many(20'000, 2.5);
  std::vector<std::string> words;
  for (int i = 0; i < 5000; ++i) words.push_back("layer number " + std::to_string(i));
  std::string fixed;
  for (const std::string& word : words) fixed += word + std::string(24 - word.size(), '\0');
  {
    ForeignFile file(path_, true);
    file.attribute("many", H5T_NATIVE_DOUBLE, {many.size()}, many.data());
    const hid_t text = ForeignFile::text_type(24, H5T_STR_NULLPAD);
    file.attribute("words", text, {words.size()}, fixed.data());
    H5Tclose(text);
  }
  const Group root = File(path_).root();
  EXPECT_TRUE(root.has_texts("words"));
  EXPECT_EQ(root.texts("words"), words);
  EXPECT_EQ(error([&] { root.array("many"); }), "/: attribute \"many\" has 160000 bytes (at most 64512 are read)");
}

TEST_F(Hdf5ForeignForm, ChunksOfEveryIndex) {
  in_both_forms(
      [&](ForeignFile& file) {
        write_numbers(file, "plain", ForeignFile::chunked({8, 7}, false));
        write_numbers(file, "one", ForeignFile::chunked({40, 30}, true));
        write_numbers(file, "all", ForeignFile::chunked({8, 7}, true, true, true));
        const hid_t szip = ForeignFile::chunked({8, 16}, false);
        if (H5Zfilter_avail(H5Z_FILTER_SZIP) > 0) H5Pset_szip(szip, H5_SZIP_NN_OPTION_MASK, 8);
        write_numbers(file, "szip", szip);
        const hid_t offset = ForeignFile::chunked({8, 7}, false);
        H5Pset_scaleoffset(offset, H5Z_SO_FLOAT_DSCALE, 2);
        write_numbers(file, "scaleoffset", offset);
        const hid_t compact = H5Pcreate(H5P_DATASET_CREATE);
        H5Pset_layout(compact, H5D_COMPACT);
        write_numbers(file, "compact", compact);
      },
      [&](const Group& root) {
        for (const char* name : {"plain", "one", "all", "szip", "scaleoffset", "compact"}) expect_numbers(root, name);
      });
}

TEST_F(Hdf5ForeignForm, AFilterThatIsNotThere) {
  in_both_forms(
      [&](ForeignFile& file) {
        write_numbers(file, "known");
        const hid_t create = ForeignFile::chunked({40, 30}, false);
        H5Pset_filter(create, 32'123, H5Z_FLAG_OPTIONAL, 0, nullptr);
        write_numbers(file, "unwritten");
        H5Z_class2_t filter{};
        filter.version = H5Z_CLASS_T_VERS;
        filter.id = 32'123;
        filter.encoder_present = filter.decoder_present = 1;
        filter.name = "of the test's own";
        filter.filter = [](unsigned, std::size_t, const unsigned*, std::size_t bytes, std::size_t*, void**) {
          return bytes;
        };
        H5Zregister(&filter);
        write_numbers(file, "unknown", create);
        H5Zunregister(filter.id);
      },
      [&](const Group& root) {
        expect_numbers(root, "known");
        EXPECT_EQ(root.children().size(), 3u);
        EXPECT_THAT(error([&] { root.dataset("unknown"); }), HasSubstr("/unknown: cannot be read [HDF5: H5Dread(): "));
      });
}

TEST_F(Hdf5ForeignForm, TypesThatArraysLack) {
  in_both_forms(
      [&](ForeignFile& file) {
        write_numbers(file, "x");
        const hid_t pair = H5Tcreate(H5T_COMPOUND, 8), list = H5Tvlen_create(H5T_NATIVE_INT32),
                    color = H5Tcreate(H5T_ENUM, 1);
        H5Tinsert(pair, "a", 0, H5T_NATIVE_INT32);
        H5Tinsert(pair, "b", 4, H5T_NATIVE_FLOAT);
        const signed char red = 3;
        H5Tenum_insert(color, "RED", &red);
        file.dataset("pair", pair, pair, {1}, nullptr);
        file.dataset("list", list, list, {1}, nullptr);
        file.dataset("color", color, color, {1}, nullptr);
        file.dataset("reference", H5T_STD_REF_OBJ, H5T_STD_REF_OBJ, {1}, nullptr);
        file.dataset("region", H5T_STD_REF_DSETREG, H5T_STD_REF_DSETREG, {1}, nullptr);
        hobj_ref_t reference;
        H5Rcreate(&reference, file.id(), "x", H5R_OBJECT, -1);
        file.attribute("reference", H5T_STD_REF_OBJ, {}, &reference);
        const hid_t shared = H5Tcopy(H5T_IEEE_F32BE);
        H5Tcommit2(file.id(), "type", shared, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        file.dataset("shared", shared, H5T_NATIVE_FLOAT, {40, 30}, numbers_.data());
        for (hid_t type : {pair, list, color, shared}) H5Tclose(type);
      },
      [&](const Group& root) {
        expect_numbers(root, "x");
        expect_numbers(root, "shared");
        for (const char* name : {"pair", "list", "color", "reference", "region"})
          EXPECT_EQ(error([&] { root.dataset(name); }),
                    graph::message("/", name, " holds elements of an unknown type, not numbers"));
        EXPECT_EQ(error([&] { root.array("reference"); }),
                  "/: attribute \"reference\" holds elements of an unknown type, not numbers");
        EXPECT_EQ(error([&] { root.texts("reference"); }),
                  "/: attribute \"reference\" holds elements of an unknown type, not numbers");
        EXPECT_EQ(error([&] { root.dataset("type"); }), "/type is a datatype, not a dataset");
      });
}

// As a newer HDF5 writes it, which the library does not open.
TEST_F(Hdf5ForeignForm, ADatatypeOfANewerVersion) {
  {
    ForeignFile file(path_);
    write_numbers(file, "x");
    const double one = 1;
    file.dataset("y", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, {}, &one);
  }
  std::string bytes = tests::read_text(path_);
  const std::size_t float64 = bytes.find(std::string("\x11\x20\x3f\0\x08\0\0\0", 8));
  ASSERT_NE(float64, std::string::npos);
  bytes[float64] = 0x41;  // version 4 instead of 1
  tests::write_text(path_, bytes);
  const Group root = File(path_).root();
  expect_numbers(root, "x");
  EXPECT_THAT(error([&] { root.dataset("y"); }), HasSubstr("/y: cannot be opened [HDF5: H5Oopen(): "));
}

TEST_F(Hdf5ForeignForm, IsolationKeepsDtypesAndTexts) {
  {
    ForeignFile file(path_);
    const std::int64_t whole[] = {0, 1, 100};
    const double real[] = {0.5, -2, 3};
    file.dataset("u8", H5T_STD_U8LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("i16", H5T_STD_I16BE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("u64", H5T_STD_U64LE, H5T_NATIVE_INT64, {3}, whole);
    file.dataset("f64", H5T_IEEE_F64BE, H5T_NATIVE_DOUBLE, {3}, real);
    file.dataset("scalar", H5T_IEEE_F32LE, H5T_NATIVE_DOUBLE, {}, real);
    file.dataset("none", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {0, 4}, nullptr);
    const hid_t flag = H5Tenum_create(H5T_STD_I8LE), pad = ForeignFile::text_type(4, H5T_STR_NULLPAD),
                variable = ForeignFile::text_type(H5T_VARIABLE);
    const std::int8_t no = 0, yes = 1, flags[] = {1, 0};
    H5Tenum_insert(flag, "FALSE", &no);
    H5Tenum_insert(flag, "TRUE", &yes);
    file.dataset("flags", flag, flag, {2}, flags);
    file.attribute("nul", pad, {2}, "a\0b\0abcd");
    const char* words[] = {"", "long enough"};
    file.attribute("words", variable, {2}, words);
    file.attribute("word", variable, {}, words + 1);
    const double nothing = 0;
    file.attribute("nothing", H5T_IEEE_F64LE, {0}, &nothing);
    file.attribute("pair", H5T_NATIVE_DOUBLE, {2}, real);
    const std::uint64_t huge = ~std::uint64_t{0};
    file.dataset("huge", H5T_STD_U64LE, H5T_NATIVE_UINT64, {}, &huge);
    for (hid_t type : {flag, pad, variable}) H5Tclose(type);
  }
  const Group here = File(path_).root(), there = File(path_, {.isolated = true}).root();
  EXPECT_EQ(there.children(), here.children());
  EXPECT_EQ(there.attributes(), here.attributes());
  for (const char* name : {"u8", "i16", "u64", "f64", "scalar", "none", "flags"}) {
    EXPECT_EQ(there.dataset_spec(name), here.dataset_spec(name)) << name;
    EXPECT_TRUE(array_equal(there.dataset(name), here.dataset(name))) << name;
  }
  for (const char* name : {"nul", "words", "nothing"}) EXPECT_EQ(there.texts(name), here.texts(name)) << name;
  EXPECT_EQ(there.text("word"), "long enough");
  EXPECT_TRUE(array_equal(there.array("pair"), here.array("pair")));
  EXPECT_EQ(error([&] { there.dataset("huge"); }), error([&] { here.dataset("huge"); }));
  EXPECT_THAT(error([&] { there.dataset("huge"); }), EndsWith("which is too large for int64"));
}

TEST_F(Hdf5ForeignForm, NothingCanBePutBetweenCheckAndReading) {
  // The file is opened once: what its name stands for later does not matter, even while it is being opened.
  for (const bool isolated : {false, true}) {
    {
      ForeignFile file(path_);
      write_numbers(file, "x");
    }
    const Group root = File(path_, {.isolated = isolated}).root();
    std::filesystem::rename(path_, folder_ / "old.h5");
    tests::write_text(path_, "another file");
    expect_numbers(root, "x");
  }
}

TEST_F(Hdf5ForeignForm, PathsThatNameNothing) {
  {
    ForeignFile file(path_);
    file.group("g");
    file.group("..");
  }
  const Group root = File(path_).root();
  EXPECT_EQ(error([&] { root.group(""); }), "/: \"\" cannot name anything in an HDF5 file (it is empty)");
  EXPECT_EQ(error([&] { root.group("/g"); }),
            "/: \"/g\" cannot name anything in an HDF5 file (a name between slashes is empty)");
  EXPECT_EQ(error([&] { root.dataset("g//x"); }),
            "/: \"g//x\" cannot name anything in an HDF5 file (a name between slashes is empty)");
  EXPECT_EQ(error([&] { root.group("g").group("."); }),
            "/g: \".\" cannot name anything in an HDF5 file (\".\" stands for the place itself)");
  EXPECT_THAT(error([&] { root.group(std::string("g\0h", 3)); }), HasSubstr("it holds a NUL character"));
  EXPECT_FALSE(root.has("") || root.has(".") || root.has("g/") || root.is_group("/") || root.has_attribute(""));
  EXPECT_TRUE(root.has("..") && root.is_group(".."));  // to HDF5 a name like any other
}

}  // namespace
}  // namespace cornu::io::hdf5
