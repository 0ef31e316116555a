#include "cornu/io/hdf5/writer.h"

#include <gmock/gmock.h>
#include <hdf5.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "cornu/io/hdf5/reader.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using tests::error_text;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

std::vector<std::string> entries(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

void write_model(const fs::path& path) {
  Writer file(path);
  auto root = file.root();
  root.text("keras_version", "2.15.0");
  root.text("model_config", R"({"name": "häuser"})", Charset::ascii);
  auto weights = root.group("model_weights");
  weights.texts("layer_names", {"dense", "dropout"});
  weights.group("dropout").texts("weight_names", {});
  weights.group("dense").texts("weight_names", {"dense/kernel:0"});
  weights.dataset("dense/dense/kernel:0", arange(0, 6).astype(float32).reshape({2, 3}));
  file.commit();
}

TEST(Hdf5Writer, RoundTrip) {
  TemporaryFolder folder;
  {
    Writer file(folder / "a.h5");
    auto root = file.root();
    root.text("empty", "");
    root.text("long", std::string(200000, 'x'));
    root.number("rate", 0.1);
    root.integer("big", std::int64_t{1} << 40);
    root.array("flags", Array{true, false});
    auto g = root.group("g");
    g.dataset("f32", Array{1.5f, -2.f}).text("role", "given");
    g.dataset("f64", Array{0.1});
    g.dataset("u8", Array(std::vector<std::uint8_t>{0, 255}));
    g.dataset("i32", Array{{1, 2}, {3, 4}});
    g.dataset("i64", Array::scalar(std::int64_t{-7}));
    g.dataset("bool", Array{false, true, true});
    g.dataset("none", Array(Shape{0, 3}));
    file.commit();
  }
  const Group root = File(folder / "a.h5").root();
  EXPECT_EQ(root.text("empty"), "");
  EXPECT_EQ(root.text("long"), std::string(200000, 'x'));
  EXPECT_EQ(root.number("rate"), 0.1);
  EXPECT_EQ(root.integer("big"), std::int64_t{1} << 40);
  EXPECT_EQ(root.array("flags").dtype(), bool_);
  EXPECT_TRUE(array_equal(root.array("flags"), Array{true, false}));
  const Group g = root.group("g");
  EXPECT_THAT(g.children(), ElementsAre("bool", "f32", "f64", "i32", "i64", "none", "u8"));
  EXPECT_EQ(g.at("f32").text("role"), "given");
  const std::vector<std::pair<std::string, Array>> arrays{{"f32", Array{1.5f, -2.f}},
                                                          {"f64", Array{0.1}},
                                                          {"u8", Array(std::vector<std::uint8_t>{0, 255})},
                                                          {"i32", Array{{1, 2}, {3, 4}}},
                                                          {"i64", Array::scalar(std::int64_t{-7})},
                                                          {"bool", Array{false, true, true}},
                                                          {"none", Array(Shape{0, 3})}};
  for (const auto& [name, array] : arrays) {
    EXPECT_EQ(g.dataset(name).spec(), array.spec()) << name;
    EXPECT_TRUE(array_equal(g.dataset(name), array)) << name;
  }
}

// What h5dump says of a text attribute.
struct TextForm {
  bool variable, scalar;
  H5T_cset_t charset;
  H5T_str_t padding;
  bool operator==(const TextForm&) const = default;
};

TextForm form_of(const fs::path& path, const char* object, const char* name) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT),
              attribute = H5Aopen_by_name(file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  const hid_t type = H5Aget_type(attribute), space = H5Aget_space(attribute);
  const TextForm form{H5Tis_variable_str(type) > 0, H5Sget_simple_extent_type(space) == H5S_SCALAR, H5Tget_cset(type),
                      H5Tget_strpad(type)};
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
  H5Fclose(file);
  return form;
}

TEST(Hdf5Writer, TextsHaveTheFormThatKerasGivesThem) {
  TemporaryFolder folder;
  write_model(folder / "a.h5");
  EXPECT_EQ(form_of(folder / "a.h5", "/", "keras_version"), (TextForm{true, true, H5T_CSET_UTF8, H5T_STR_NULLTERM}));
  EXPECT_EQ(form_of(folder / "a.h5", "/", "model_config"), (TextForm{true, true, H5T_CSET_ASCII, H5T_STR_NULLTERM}));
  EXPECT_EQ(form_of(folder / "a.h5", "/model_weights", "layer_names"),
            (TextForm{true, false, H5T_CSET_ASCII, H5T_STR_NULLTERM}));
  const Group root = File(folder / "a.h5").root();
  EXPECT_EQ(root.group("model_weights/dropout").array("weight_names").spec(), (Spec{float64, {0}}));
  EXPECT_TRUE(root.group("model_weights/dropout").texts("weight_names").empty());
  EXPECT_EQ(root.text("model_config"), R"({"name": "häuser"})");
}

TEST(Hdf5Writer, LongListsAreSplitAsKerasSplitsThem) {
  TemporaryFolder folder;
  std::vector<std::string> names, wide(3, "b");
  for (int i = 0; i < 9000; ++i) names.push_back("layer_" + std::to_string(i));  // 10 bytes each: two parts
  wide[1] = std::string(40000, 'w');
  {
    Writer file(folder / "a.h5");
    file.root().texts("names", names);
    file.root().texts("wide", wide);
    file.root().texts("small", {"x"});
    // 4100 references of 16 bytes do not fit where the texts themselves would.
    file.root().texts("short", std::vector<std::string>(4100, "abc"));
    file.commit();
  }
  const Group root = File(folder / "a.h5").root();
  EXPECT_THAT(root.attributes(), ElementsAre("names0", "names1", "short0", "small", "wide0", "wide1", "wide2"));
  EXPECT_EQ(root.texts("names0").size(), 4500u);
  EXPECT_EQ(root.texts("names"), names);
  EXPECT_EQ(root.texts("wide"), wide);
  EXPECT_EQ(root.texts("short").size(), 4100u);
  EXPECT_TRUE(root.has_texts("names") && root.has_texts("small") && !root.has_texts("name"));
  EXPECT_EQ(form_of(folder / "a.h5", "/", "names1"), (TextForm{false, false, H5T_CSET_ASCII, H5T_STR_NULLPAD}));
}

TEST(Hdf5Writer, EqualContentGivesEqualBytes) {
  TemporaryFolder folder;
  write_model(folder / "a.h5");
  ::sleep(1);  // stored times would differ by a second
  write_model(folder / "b.h5");
  EXPECT_EQ(read_text(folder / "a.h5"), read_text(folder / "b.h5"));
}

TEST(Hdf5Writer, WithoutCommitNothingHappens) {
  TemporaryFolder folder;
  write_text(folder / "a.h5", "old");
  {
    Writer file(folder / "a.h5");
    file.root().integer("n", 1);
    Writer moved = std::move(file);
    moved.root().integer("m", 1);
  }
  EXPECT_EQ(read_text(folder / "a.h5"), "old");
  EXPECT_THAT(entries(folder.path()), ElementsAre("a.h5"));
}

TEST(Hdf5Writer, FullDiskLeavesTheOldFile) {
  TemporaryFolder folder;
  const fs::path path = folder / "a.h5";
  write_model(path);
  const std::string old = read_text(path);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 10000;
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string error = error_text<IoError>([&] {
    Writer file(path);
    file.root().dataset("x", zeros({100000}));
    file.commit();
  });
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, HasSubstr(path.string()));
  EXPECT_THAT(error, HasSubstr("File too large"));
  EXPECT_EQ(read_text(path), old);
  EXPECT_THAT(entries(folder.path()), ElementsAre("a.h5"));
  write_model(path);  // and the library is still of use
  EXPECT_EQ(read_text(path), old);
}

TEST(Hdf5Writer, PlacesThatCannotBeWritten) {
  TemporaryFolder folder;
  EXPECT_THAT(error_text<IoError>([&] { Writer(folder / "missing/a.h5"); }), HasSubstr("missing/a.h5"));
  EXPECT_THAT(error_text<IoError>([&] { Writer(folder.path()); }), HasSubstr("folder"));
  if (::geteuid() == 0) return;  // root may write anywhere
  fs::permissions(folder.path(), fs::perms::owner_read | fs::perms::owner_exec);
  EXPECT_THAT(error_text<IoError>([&] { Writer(folder / "a.h5"); }), HasSubstr("Permission denied"));
  fs::permissions(folder.path(), fs::perms::owner_all);
}

TEST(Hdf5Writer, WrongUseIsAnError) {
  TemporaryFolder folder;
  Writer file(folder / "a.h5");
  auto root = file.root();
  root.dataset("x", Array{1});
  root.integer("n", 1);
  const std::string name = (folder / "a.h5").string();
  EXPECT_EQ(error_text<ValueError>([&] { root.dataset("x", Array{1}); }), name + ": /x is there already");
  EXPECT_EQ(error_text<ValueError>([&] { root.dataset("x/y", Array{1}); }), name + ": /x is a dataset already");
  EXPECT_EQ(error_text<ValueError>([&] { root.group("x"); }), name + ": /x is a dataset already");
  EXPECT_EQ(error_text<ValueError>([&] { root.number("n", 1); }), name + ": / has an attribute \"n\" already");
  EXPECT_EQ(error_text<ValueError>([&] { root.text("t", std::string_view("a\0b", 3)); }),
            name + ": /: attribute \"t\" would be cut at a NUL character");
  EXPECT_THAT(error_text<ValueError>([&] {
                root.texts("t", {"a", std::string(70000, 'x')});
              }),
              HasSubstr("\"t\" has a text of 70000 bytes (at most 64512"));
  EXPECT_THAT(error_text<ValueError>([&] { root.array("t", zeros({20000})); }),
              HasSubstr("80000 bytes (at most 64512 are possible); write a dataset"));
  EXPECT_THAT(error_text<ValueError>([&] { root.group("/a"); }),
              HasSubstr("a.h5: /: \"/a\" cannot name anything in an HDF5 file"));
  EXPECT_THAT(error_text<ValueError>([&] { root.dataset("a//b", Array{1}); }),
              HasSubstr("\"a//b\" cannot name anything in an HDF5 file"));
  const std::string nowhere = " cannot name anything in an HDF5 file (";
  EXPECT_EQ(error_text<ValueError>([&] { root.group("g").group("."); }),
            name + ": /g: \".\"" + nowhere + "\".\" stands for the place itself)");
  EXPECT_EQ(error_text<ValueError>([&] { root.dataset("g/../x", Array{1}); }),
            name + ": /: \"g/../x\"" + nowhere + "\"..\" stands for the place above)");
  EXPECT_EQ(error_text<ValueError>([&] { root.group(""); }), name + ": /: \"\"" + nowhere + "it is empty)");
  EXPECT_EQ(error_text<ValueError>([&] { root.group(std::string("a\0b", 3)); }),
            name + ": /: \"a\\0b\"" + nowhere + "it holds a NUL character)");
  EXPECT_EQ(error_text<ValueError>([&] { root.number("", 1); }),
            name + ": /: \"\" cannot name an attribute (it is empty)");
  EXPECT_THAT(error_text<TypeError>([&] { root.dataset("b", Array(Shape{1}, bfloat16)); }),
              EndsWith("HDF5 has no bfloat16; convert it with astype(float32)"));
  file.commit();
  EXPECT_THAT(error_text<ValueError>([&] { root.integer("m", 1); }), HasSubstr("nothing can be added after commit()"));
  EXPECT_THAT(error_text<ValueError>([&] { file.commit(); }), HasSubstr("nothing can be added after commit()"));
  EXPECT_EQ(File(folder / "a.h5").root().integer("n"), 1);
}

}  // namespace
}  // namespace cornu::io::hdf5
