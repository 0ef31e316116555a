#include "cornu/io/npy/idx.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::npy {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::TemporaryFolder;
using tests::write_text;

// uint8 (2, 3): 1 to 6, plain and as Python's gzip.compress packs it.
const std::string kPlain = from_hex("000008020000000200000003010203040506");
const std::string kGzipped = from_hex("1f8b08000000000002036360e0606260600061664626661656360048943ee512000000");

class Idx : public testing::Test {
 protected:
  Array load_bytes(const std::string& bytes) {
    write_text(path_, bytes);
    return load_idx(path_);
  }
  std::string error(const std::string& bytes) {
    return error_text<FormatError>([&] { load_bytes(bytes); });
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a-idx2-ubyte";
};

TEST_F(Idx, ReadsBytesGzippedOrNot) {
  for (const std::string& bytes : {kPlain, kGzipped}) {
    const Array x = load_bytes(bytes);
    EXPECT_EQ(x.spec(), (graph::Spec{uint8, {2, 3}}));
    for (int i = 0; i < 6; ++i) EXPECT_EQ(x.span<std::uint8_t>()[i], i + 1);
  }
}

TEST_F(Idx, ReadsEveryElementType) {
  EXPECT_TRUE(array_equal(load_bytes(from_hex("00000901000000020180")), Array{1, -128}));
  EXPECT_TRUE(array_equal(load_bytes(from_hex("00000b01000000020100ffff")), Array{256, -1}));
  EXPECT_TRUE(array_equal(load_bytes(from_hex("00000c010000000200000102fffffffe")), Array{258, -2}));
  EXPECT_TRUE(array_equal(load_bytes(from_hex("00000d01000000013fc00000")), Array{1.5f}));
  EXPECT_TRUE(array_equal(load_bytes(from_hex("00000e0100000001bff8000000000000")), Array{-1.5}));
}

TEST_F(Idx, NamesTheFileAndWhatIsWrong) {
  EXPECT_THAT(error_text<IoError>([&] { load_idx(folder_ / "none"); }),
              HasSubstr("none] cannot read: No such file or directory"));
  EXPECT_THAT(error("x"), HasSubstr("a-idx2-ubyte] not an IDX file: too short"));
  EXPECT_THAT(error("some text"), HasSubstr("not an IDX file: it does not begin with 0, 0"));
  EXPECT_THAT(error(from_hex("00000809") + std::string(36, '\1')), HasSubstr("an array of 9 axes; at most 8"));
  EXPECT_THAT(error(kPlain.substr(0, 17)), HasSubstr("needs 6 bytes, but no more than 5 follow"));
  EXPECT_THAT(error(kPlain + "x"), HasSubstr("is longer than its header says, uint8"));
  EXPECT_THAT(error(kGzipped.substr(0, 25)), HasSubstr("its gzipped data ends too early (truncated)"));
  std::string wrong_checksum = kGzipped;
  wrong_checksum[wrong_checksum.size() - 6] ^= 1;
  EXPECT_THAT(error(wrong_checksum), HasSubstr("damaged gzipped data"));
  // A header that promises 2^32 - 1 images of 1000 x 1000 in 40 bytes: refused before memory is taken.
  EXPECT_THAT(error(from_hex("00000803ffffffff000003e8000003e8") + std::string(24, 'x')),
              HasSubstr("(truncated or damaged)"));
}

TEST_F(Idx, DamagedFilesGiveClearErrors) {
  const auto read = [](const fs::path& path) { load_idx(path); };
  EXPECT_GT(tests::expect_clear_errors(kPlain, read), 50);
  EXPECT_GT(tests::expect_clear_errors(kGzipped, read), 100);
}

}  // namespace
}  // namespace cornu::io::npy
