#include "cornu/io/zip/internal/zip.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::zip {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::from_hex;
using tests::read_text;
using tests::write_text;

// Python's zipfile, writing to a stream that it cannot go back in, so that sizes stand behind each member: config.json,
// deflated, of 20 times "hello ", and ../b, stored, of "stored".
const std::string kStreamed = from_hex(
    "504b0304140008000800000021000000000000000000000000000b000000636f6e6669672e6a736f6ecb48cdc9c957c8a03b0900504b07082f"
    "faf8480b00000078000000504b030414000800000000002100000000000000000000000000040000002e2e2f6273746f726564504b07080bf9"
    "43560600000006000000504b01021403140008000800000021002ffaf8480b000000780000000b000000000000000000000080010000000063"
    "6f6e6669672e6a736f6e504b01021403140008000000000021000bf9435606000000060000000400000000000000000000008001440000002e"
    "2e2f62504b050600000000020002006b0000007c0000000000");

std::string hellos() {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "hello ";
  return text;
}

std::string content(const ZipReader& reader, const std::string& name) {
  const ZipMember* member = reader.find(name);
  if (!member) return "no member " + name;
  const auto source = reader.open(*member);
  std::string bytes(member->size, ' ');
  // In two parts, as a reader of a header and a body does it.
  const auto all = std::as_writable_bytes(std::span(bytes));
  source->read(all.first(all.size() / 2));
  source->read(all.subspan(all.size() / 2));
  source->finish();
  return bytes;
}

class Zip : public testing::Test {
 protected:
  ZipReader open(const std::string& bytes) {
    write_text(path_, bytes);
    return ZipReader(path_);
  }
  std::string error(const std::string& bytes) {
    return error_text<FormatError>([&] {
      const ZipReader reader = open(bytes);
      for (const ZipMember& member : reader.members()) content(reader, member.name);
    });
  }
  static std::string with(std::string bytes, std::size_t at, std::string_view instead) {
    return bytes.replace(at, instead.size(), instead);
  }
  /// Two stored members, a and b.
  std::string written(const std::string& a, const std::string& b, std::uint64_t zip64_from = 0xffffffff) {
    AtomicFile file(path_);
    ZipWriter writer(file, zip64_from);
    writer.add("a", {std::as_bytes(std::span(a))});
    writer.add("b", {std::as_bytes(std::span(b)), std::as_bytes(std::span(a))});
    writer.finish();
    file.commit();
    return read_text(path_);
  }

  tests::TemporaryFolder folder_;
  fs::path path_ = folder_ / "a.zip";
};

TEST_F(Zip, MembersOfBothKindsWithTheirSizesBehindThem) {
  const ZipReader reader = open(kStreamed);
  ASSERT_EQ(reader.members().size(), 2u);
  EXPECT_EQ(reader.members()[0].name, "config.json");
  EXPECT_EQ(content(reader, "config.json"), hellos());
  EXPECT_EQ(content(reader, "../b"), "stored");  // a name like any other
  EXPECT_EQ(reader.find("b"), nullptr);
}

TEST_F(Zip, MembersThatAreReadAtOnce) {
  const ZipReader reader = open(kStreamed);
  const auto first = reader.open(*reader.find("config.json")), second = reader.open(*reader.find("../b")),
             again = reader.open(*reader.find("config.json"));
  std::string a(6, ' '), b(6, ' '), c(6, ' ');
  first->read(std::as_writable_bytes(std::span(a)));
  second->read(std::as_writable_bytes(std::span(b)));
  again->read(std::as_writable_bytes(std::span(c)));
  EXPECT_THAT((std::vector{a, b, c}), ElementsAre("hello ", "stored", "hello "));
  EXPECT_EQ(first->left(), 114u);
  first->finish();
  EXPECT_THAT(error_text<FormatError>([&] { first->read(std::as_writable_bytes(std::span(a))); }),
              HasSubstr("a.zip: config.json] ends too early"));
}

TEST_F(Zip, Zip64FieldsAreWrittenAndRead) {
  const std::string a = "twenty characters...", b = "more";
  for (const std::uint64_t from : {1u, 21u, 60u, 0xffffffffu}) {
    SCOPED_TRACE(from);
    const std::string bytes = written(a, b, from);
    EXPECT_EQ(bytes.find("PK\x06\x06") != std::string::npos, from < 0xffffffff);
    for (const std::string& prefix : {std::string(), std::string("#!/bin/sh\n"), std::string(5000, 'x')}) {
      const ZipReader reader = open(prefix + bytes);
      EXPECT_EQ(content(reader, "a"), a);
      EXPECT_EQ(content(reader, "b"), b + a);
    }
  }
}

TEST_F(Zip, BytesBeforeTheArchiveAndACommentBehindIt) {
  std::string bytes = "#!/usr/bin/env python\nPK\x03\x04" + kStreamed;
  EXPECT_EQ(content(open(bytes), "config.json"), hellos());
  bytes = with(bytes, bytes.size() - 2, std::string("\7\0", 2)) + "comment";
  EXPECT_EQ(content(open(bytes), "../b"), "stored");
}

TEST_F(Zip, AnEmptyArchive) { EXPECT_TRUE(open(std::string("PK\5\6", 4) + std::string(18, '\0')).members().empty()); }

TEST_F(Zip, NamesTheFileTheMemberAndWhatIsWrong) {
  const std::string start = "[" + path_.string() + "] ";
  EXPECT_EQ(error(""), start + "not a ZIP archive, or truncated: it has no directory");
  EXPECT_EQ(error(kStreamed.substr(0, 200)), start + "not a ZIP archive, or truncated: it has no directory");
  const std::size_t entry = kStreamed.find("PK\1\2"), second = kStreamed.find("PK\1\2", entry + 1),
                    end = kStreamed.find("PK\5\6");
  EXPECT_EQ(error(with(kStreamed, entry + 8, "\1")), start + "member 'config.json' is encrypted");
  EXPECT_EQ(
      error(with(kStreamed, entry + 10, "\14")),
      start + "member 'config.json' has compression method 12; only stored (0) and deflated (8) members can be read");
  EXPECT_EQ(error(with(kStreamed, entry + 16, "\1")),
            "[" + path_.string() + ": config.json] wrong checksum (CRC-32): the file is damaged");
  EXPECT_EQ(error(with(kStreamed, second + 16, "\1")),
            "[" + path_.string() + ": ../b] wrong checksum (CRC-32): the file is damaged");
  EXPECT_EQ(error(with(kStreamed, second + 24, "\5")),
            start + "member '../b' is stored, yet has two sizes: the file is damaged");
  EXPECT_EQ(error(with(kStreamed, entry + 24, "\x77")),
            "[" + path_.string() + ": config.json] its deflated data is longer than the archive says");
  EXPECT_EQ(error(with(kStreamed, entry + 24, "\x79")),
            "[" + path_.string() + ": config.json] its deflated data ends too early (truncated or damaged)");
  EXPECT_EQ(error(with(kStreamed, 30, "C")),
            start + "member 'config.json' has another name, 'Config.json', where it starts: the file is damaged");
  EXPECT_EQ(error(with(kStreamed, 0, "X")), start + "damaged ZIP archive: no header of member 'config.json'");
  EXPECT_EQ(error(with(kStreamed, end + 4, "\1")), start + "a ZIP archive in several parts cannot be read");
  EXPECT_EQ(error(with(kStreamed, end + 10, "\5")), start + "damaged ZIP directory: too short for its 5 members");
  EXPECT_EQ(error(with(kStreamed, end + 16, "\xff")), start + "damaged ZIP directory: it reaches beyond its end");
}

TEST_F(Zip, TwoMembersOfOneName) {
  std::string bytes = written("x", "y");
  const std::size_t local = bytes.find("PK\3\4", 4), second = bytes.find("PK\1\2", bytes.find("PK\1\2") + 1);
  bytes[local + 30] = bytes[second + 46] = 'a';
  EXPECT_EQ(error(bytes), "[" + path_.string() + "] has two members of the name 'a'");
}

// Each of many members could be the same compressed bytes, or contain the next one.
TEST_F(Zip, MembersThatShareBytes) {
  const std::string bytes = written("x", "y");
  const std::size_t first = bytes.find("PK\1\2"), second = bytes.find("PK\1\2", first + 1);
  EXPECT_THAT(error(with(bytes, second + 42, std::string(4, '\0'))), HasSubstr("overlaps what follows it"));
  std::string longer = bytes;
  longer[first + 20] = longer[first + 24] = 2;  // one byte more than there is
  EXPECT_EQ(error(longer),
            "[" + path_.string() + "] member 'a' overlaps what follows it (damaged, or made to unpack to too much)");
  longer = bytes;
  longer[second + 20] = longer[second + 24] = 20;  // into the directory
  EXPECT_THAT(error(longer), HasSubstr("member 'b' overlaps what follows it"));
}

TEST_F(Zip, MoreThanDeflateCanMake) {
  // 11 bytes that promise 16,777,336.
  EXPECT_THAT(error(with(kStreamed, kStreamed.find("PK\1\2") + 27, "\1")),
              HasSubstr("member 'config.json' of 11 bytes cannot hold the 16777336 bytes it promises"));
}

TEST_F(Zip, DamagedFilesGiveClearErrors) {
  const auto read = [](const fs::path& path) {
    const ZipReader reader(path);
    for (const ZipMember& member : reader.members()) {
      const auto source = reader.open(member);
      if (source->left() > 1 << 20) source->malformed("more than was written");
      source->finish();
    }
  };
  EXPECT_GT(tests::expect_clear_errors(kStreamed, read), 500);
  EXPECT_GT(tests::expect_clear_errors(written("twenty characters...", "more", 1), read), 500);
}

}  // namespace
}  // namespace cornu::io::zip
