#include "cornu/io/npy/npy.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "tests/io/mutations.h"

namespace cornu::io::npy {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using graph::TypeError;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

/// A file as NumPy would write it, of any version and dictionary.
std::string npy_file(const std::string& dictionary, const std::string& data, int version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += static_cast<char>(version);
  bytes += '\0';
  bytes += static_cast<char>(dictionary.size() & 255);
  bytes += static_cast<char>(dictionary.size() >> 8);
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + dictionary + data;
}

std::string header(const std::string& descr, const std::string& shape = "(2,)") {
  return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
}

class Npy : public testing::Test {
 protected:
  Array load_bytes(const std::string& bytes) {
    write_text(path_, bytes);
    return load(path_);
  }
  template <class E>
  std::string error(const std::string& bytes) {
    return error_text<E>([&] { load_bytes(bytes); });
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.npy";
};

TEST_F(Npy, SavedArraysComeBack) {
  const auto expect_back = [&](const Array& array) {
    save(path_, array);
    const Array back = load(path_);
    EXPECT_EQ(back.spec(), array.spec());
    EXPECT_TRUE(array_equal(back, array));
  };
  expect_back(Array{{1.5f, -2.f}, {3.f, 1e-30f}});
  expect_back(Array{1.5, 1e300});
  expect_back(Array{1, -2, 3});
  expect_back(Array{std::int64_t{1} << 40, std::int64_t{-1}});
  expect_back(Array{std::uint8_t{0}, std::uint8_t{255}});
  expect_back(Array{true, false, true});
  expect_back(Array{graph::BFloat16(1.5f), graph::BFloat16(-3.f)});
  expect_back(Array::scalar(7.f));
  expect_back(graph::zeros({0, 3}));
  expect_back(graph::zeros({1, 2, 1, 3, 1, 1, 1, 2}));
}

TEST_F(Npy, WritesWhatNumPyWrites) {
  save(path_, Array{1.f, -2.f});
  const std::string expected =
      npy_file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }" + std::string(60, ' ') + "\n",
               from_hex("0000803f000000c0"));
  EXPECT_EQ(read_text(path_), expected);
  EXPECT_EQ((expected.size() - 8) % 64, 0u);
}

// np.save of NumPy 2.4: float16, little-endian, C order.
TEST_F(Npy, ReadsFloat16) {
  const Array x =
      load_bytes(from_hex("934e554d5059010076007b276465736372273a20273c6632272c2027666f727472616e5f6f72646572273a204661"
                          "6c73652c20277368617065273a2028322c20"
                          "33292c207d2020202020202020202020202020202020202020202020202020202020202020202020202020202020"
                          "20202020202020202020202020202020200a"
                          "003e00c0ff7b0100007c0000"));
  EXPECT_EQ(x.spec(), (graph::Spec{float32, {2, 3}}));
  EXPECT_TRUE(array_equal(
      x, Array({{1.5f, -2.f, 65504.f}, {std::ldexp(1.f, -24), std::numeric_limits<float>::infinity(), 0.f}})));
}

// np.save of NumPy 2.4: int16, big-endian, Fortran order.
TEST_F(Npy, ReadsBigEndianFortranOrder) {
  const Array x =
      load_bytes(from_hex("934e554d5059010076007b276465736372273a20273e6932272c2027666f727472616e5f6f72646572273a205472"
                          "75652c20277368617065273a2028322c2033"
                          "292c207d202020202020202020202020202020202020202020202020202020202020202020202020202020202020"
                          "20202020202020202020202020202020200a"
                          "00010004fffe0005012c8000"));
  EXPECT_EQ(x.dtype(), int32);
  EXPECT_TRUE(array_equal(x, Array({{1, -2, 300}, {4, 5, -32768}})));
}

TEST_F(Npy, EveryNumberOfNumPyHasADtype) {
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header("|i1"), "\x01\xff")), Array{1, -1}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header("|u1"), "\x01\xff")), Array{std::uint8_t{1}, std::uint8_t{255}}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header("<u2"), from_hex("0100ffff"))), Array{1, 65535}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header(">u4"), from_hex("00000001ffffffff"))),
                          Array{std::int64_t{1}, std::int64_t{4294967295}}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header("<u8"), from_hex("0100000000000000ffffffffffffff7f"))),
                          Array{std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}));
  EXPECT_TRUE(
      array_equal(load_bytes(npy_file(header(">f8"), from_hex("3ff8000000000000c000000000000000"))), Array{1.5, -2.0}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header(">f4"), from_hex("3fc00000c0000000"))), Array{1.5f, -2.f}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header(">i8"), from_hex("0000000000000001ffffffffffffffff"))),
                          Array{std::int64_t{1}, std::int64_t{-1}}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file(header("=i4"), from_hex("01000000ffffffff"))), Array{1, -1}));
  const Array flags = load_bytes(npy_file(header("|b1"), from_hex("0002")));
  EXPECT_EQ(flags.dtype(), bool_);
  EXPECT_EQ(static_cast<int>(flags.bytes()[1]), 1);  // a bool with any other value would be undefined behaviour
}

TEST_F(Npy, ReadsVersionsTwoAndThreeAndPython2) {
  for (int version : {2, 3})
    EXPECT_TRUE(array_equal(load_bytes(npy_file(header("<i4"), from_hex("0100000002000000"), version)), Array{1, 2}));
  EXPECT_TRUE(array_equal(load_bytes(npy_file("{\"shape\": (2L, 1L), 'fortran_order': False, 'descr': '<i4'}",
                                              from_hex("0100000002000000"))),
                          Array({{1}, {2}})));
}

TEST_F(Npy, OtherElementsAreTypeErrors) {
  EXPECT_EQ(error<TypeError>(npy_file(header("|O"), "xx")),
            "[" + path_.string() + "] an array of Python objects (dtype '|O') cannot be read into an array of numbers");
  EXPECT_THAT(error<TypeError>(npy_file(header("<U5"), "")), HasSubstr("an array of text (dtype '<U5')"));
  EXPECT_THAT(error<TypeError>(npy_file(header("<c8"), "")), HasSubstr("an array of complex numbers (dtype '<c8')"));
  EXPECT_THAT(error<TypeError>(npy_file(header("<M8[ns]"), "")), HasSubstr("an array of dates (dtype '<M8[ns]')"));
  EXPECT_THAT(error<TypeError>(npy_file(header("<f16"), "")),
              HasSubstr("elements of kind 'f' with 16 bytes cannot be read; known are bool"));
  EXPECT_THAT(error<TypeError>(npy_file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", "")),
              HasSubstr("a structured array"));
  EXPECT_THAT(error<TypeError>(npy_file(header("<u8", "(1,)"), from_hex("ffffffffffffffff"))),
              HasSubstr("the uint64 value 18446744073709551615 does not fit into int64"));
}

TEST_F(Npy, NamesTheFileAndWhatIsWrong) {
  EXPECT_EQ(error_text<IoError>([&] { load(folder_ / "none.npy"); }),
            "[" + (folder_ / "none.npy").string() + "] cannot read: No such file or directory");
  EXPECT_EQ(error_text<IoError>([&] { load(folder_.path()); }),
            "[" + folder_.path().string() + "] cannot read: is a folder");
  EXPECT_THAT(error<FormatError>(""), HasSubstr("not a .npy file: too short"));
  EXPECT_THAT(error<FormatError>("Hello, I am a text."),
              HasSubstr("not a .npy file: it does not begin with \\x93NUMPY"));
  EXPECT_THAT(error<FormatError>(npy_file(header("<f4"), "12345678", 4)),
              HasSubstr("version 4 of the .npy format is unknown"));
  EXPECT_THAT(error<FormatError>(npy_file(header("<f4"), "1234567")),
              HasSubstr("an array of shape (2,) with 4-byte elements needs 8 bytes, but no more than 7"));
  EXPECT_THAT(error<FormatError>(npy_file(header("<f4", "(4000000000, 4000000000, 4000000000)"), "")),
              HasSubstr("an impossible shape"));
  EXPECT_THAT(error<FormatError>(npy_file(header("<f4", "(1,1,1,1,1,1,1,1,1)"), "1234")),
              HasSubstr("an array of 9 axes; at most 8"));
  EXPECT_THAT(error<FormatError>(npy_file(header("<f4", "(-1,)"), "")), HasSubstr("expected a length"));
  EXPECT_THAT(error<FormatError>(npy_file("{'descr': '<f4', 'shape': (2,), }", "12345678")),
              HasSubstr("it lacks 'descr', 'fortran_order' or 'shape'"));
  EXPECT_THAT(error<FormatError>(npy_file("{'a': 1}", "")), HasSubstr("unknown key 'a'"));
  EXPECT_THAT(error_text<IoError>([&] { save(folder_ / "no" / "x.npy", Array{1}); }),
              HasSubstr("cannot write: No such file or directory"));
}

TEST_F(Npy, DamagedFilesGiveClearErrors) {
  save(path_, Array{{1, 2, 3}, {4, 5, 6}});
  EXPECT_GT(tests::expect_clear_errors(read_text(path_), [](const fs::path& path) { load(path); }), 200);
}

}  // namespace
}  // namespace cornu::io::npy
