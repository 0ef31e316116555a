#include "cornu/io/npy/npz.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::npy {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using graph::ValueError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

// np.savez_compressed of NumPy 2.4: x_train = arange(40) % 7 as uint8 (2, 4, 5); y = int64 [-1, 2]; scalar = 2.5.
const std::string kDeflated = from_hex(
    "504b03042d000000080000002100b6feb612ffffffffffffffff0b001400785f747261696e2e6e707901001000a80000000000000052000000"
    "000000009bec17"
    "ea1b10c9c850c650ad9e925a9c5ca46ea5a05e536aa8aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a463a0a"
    "263a0aa69a3a0a"
    "b50ae4012e06462666165636821400504b03042d000000080000002100a7e01ad0ffffffffffffffff05001400792e6e707901001000900000"
    "00000000004a00"
    "0000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a1aea3a09e965f54529498179f5f94920a12774bcc294e058a1767"
    "2416a402f91a46"
    "3a9a3a0ab50a1400aeff50c0c4000100504b03042d00000008000000210035b43a93ffffffffffffffff0a0014007363616c61722e6e707901"
    "00100088000000"
    "0000000047000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc"
    "294e058a176724"
    "16a402f91a9a3a0ab50a14012e063060710000504b01022d032d000000080000002100b6feb61252000000a80000000b000000000000000000"
    "00008001000000"
    "00785f747261696e2e6e7079504b01022d032d000000080000002100a7e01ad04a0000009000000005000000000000000000000080018f0000"
    "00792e6e707950"
    "4b01022d032d00000008000000210035b43a9347000000880000000a00000000000000000000008001100100007363616c61722e6e7079504b"
    "05060000000003"
    "000300a4000000930100000000");

class Npz : public testing::Test {
 protected:
  Archive open(const std::string& bytes) {
    write_text(path_, bytes);
    return Archive(path_);
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.npz";
};

TEST_F(Npz, ReadsWhatNumPyCompressed) {
  const Archive archive = open(kDeflated);
  EXPECT_THAT(archive.names(), ElementsAre("x_train", "y", "scalar"));
  EXPECT_TRUE(archive.contains("y"));
  EXPECT_FALSE(archive.contains("z"));
  const Array x = archive["x_train"];
  EXPECT_EQ(x.spec(), (graph::Spec{uint8, {2, 4, 5}}));
  for (int i = 0; i < 40; ++i) EXPECT_EQ(x.span<std::uint8_t>()[i], i % 7);
  EXPECT_TRUE(array_equal(archive["y"], Array{std::int64_t{-1}, std::int64_t{2}}));
  EXPECT_EQ(archive["scalar"].item<double>(), 2.5);
}

TEST_F(Npz, SavedArraysComeBack) {
  savez(path_, {{"x", Array{{1.f, 2.f}, {3.f, 4.f}}}, {"labels", Array{3, 1}}, {"none", graph::zeros({0})}});
  const Archive archive(path_);
  EXPECT_THAT(archive.names(), ElementsAre("x", "labels", "none"));
  EXPECT_TRUE(array_equal(archive["x"], Array({{1.f, 2.f}, {3.f, 4.f}})));
  EXPECT_TRUE(array_equal(archive["labels"], Array{3, 1}));
  EXPECT_EQ(archive["none"].shape(), Shape({0}));
  const std::string first = read_text(path_);
  savez(path_, {{"x", Array{{1.f, 2.f}, {3.f, 4.f}}}, {"labels", Array{3, 1}}, {"none", graph::zeros({0})}});
  EXPECT_EQ(read_text(path_), first) << "the same arrays give the same file";
}

TEST_F(Npz, UnknownNamesAreErrorsWithTheKnownOnes) {
  const Archive archive = open(kDeflated);
  EXPECT_EQ(error_text<ValueError>([&] { archive["x_test"]; }),
            "[" + path_.string() + "] has no array 'x_test'; it has 'x_train', 'y', 'scalar'");
  EXPECT_THAT(error_text<ValueError>([&] {
                savez(path_, {{"x", Array{1}}, {"x", Array{2}}});
              }),
              HasSubstr("two arrays of the name 'x'"));
  EXPECT_THAT(error_text<ValueError>([&] {
                savez(path_, {{"", Array{1}}});
              }),
              HasSubstr("must have 1 to 64,999 characters"));
}

TEST_F(Npz, NamesTheFileAndWhatIsWrong) {
  EXPECT_THAT(error_text<IoError>([&] { Archive(folder_ / "none.npz"); }),
              HasSubstr("none.npz] cannot read: No such file or directory"));
  EXPECT_THAT(error_text<FormatError>([&] { open("a text file"); }),
              HasSubstr("a.npz] not a ZIP archive, or truncated: it has no directory"));
  EXPECT_THAT(error_text<FormatError>([&] { open(kDeflated.substr(0, 500)); }), HasSubstr("it has no directory"));

  std::string bytes = kDeflated;
  const std::size_t entry = bytes.find("PK\x01\x02");  // of x_train
  const auto changed = [&](std::size_t at, char value) {
    std::string copy = bytes;
    copy[entry + at] = value;
    const Archive archive = open(copy);
    return error_text<FormatError>([&] { archive["x_train"]; });
  };
  EXPECT_THAT(changed(8, 1), HasSubstr("member 'x_train.npy' is encrypted"));
  EXPECT_THAT(changed(10, 14),
              HasSubstr("member 'x_train.npy' has compression method 14; only stored (0) and deflated (8)"));
  EXPECT_THAT(changed(10, 0), HasSubstr("is stored, yet has two sizes"));
  EXPECT_THAT(changed(16, 0), HasSubstr("x_train.npy] wrong checksum (CRC-32)"));
  EXPECT_THAT(changed(27, 64), HasSubstr("of 82 bytes cannot hold the 1073741992 bytes it promises"));
  EXPECT_THAT(changed(24, static_cast<char>(130)), HasSubstr("needs 40 bytes, but no more than 2 follow"));
}

TEST_F(Npz, DamagedFilesGiveClearErrors) {
  const auto read = [](const fs::path& path) {
    const Archive archive(path);
    for (const std::string& name : archive.names()) archive[name];
  };
  EXPECT_GT(tests::expect_clear_errors(kDeflated, read), 1000);
  savez(path_, {{"x", Array{1, 2, 3}}});
  EXPECT_GT(tests::expect_clear_errors(read_text(path_), read), 500);
}

}  // namespace
}  // namespace cornu::io::npy
