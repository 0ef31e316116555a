#include "cornu/io/archive/archive.h"

#include <gmock/gmock.h>

#include "tests/io/archive/tar_files.h"
#include "tests/io/mutations.h"

namespace cornu::io::archive {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::read_text;
using tests::tar;
using tests::tar_member;
using tests::TemporaryFolder;
using tests::write_text;

class ArchiveFiles : public testing::Test {
 protected:
  fs::path written(const std::string& bytes) {
    write_text(folder_ / "a.tar", bytes);
    return folder_ / "a.tar";
  }
  TemporaryFolder folder_;
};

TEST_F(ArchiveFiles, AreVisitedInOrder) {
  const fs::path path = written(tar({{"d/one", "1"}, {"d/two", std::string(1000, '2')}, {"three", ""}}));
  std::vector<std::string> seen;
  visit(path, [&](const Member& member) {
    seen.push_back(member.name + "=" + std::to_string(member.bytes().size()));
    return member.name != "d/two";
  });
  EXPECT_THAT(seen, ElementsAre("d/one=1", "d/two=1000"));
}

TEST_F(ArchiveFiles, BecomeAFolder) {
  extract(written(tar({{"d/one", "1"}, {"./d/e/two", "22"}})), folder_ / "out");
  EXPECT_EQ(read_text(folder_ / "out" / "d" / "one"), "1");
  EXPECT_EQ(read_text(folder_ / "out" / "d" / "e" / "two"), "22");
  EXPECT_THAT(error_text<IoError>([&] { extract(folder_ / "a.tar", folder_ / "out"); }), HasSubstr("is there already"));
}

TEST_F(ArchiveFiles, ThatLeadOutOfTheFolderLeaveNothing) {
  const auto error = [&](const std::string& bytes) {
    const std::string text = error_text<FormatError>([&] { extract(written(bytes), folder_ / "out"); });
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1) << text;
    return text;
  };
  EXPECT_EQ(error(tar({{"fine", "1"}, {"../evil", "2"}})),
            "[" + (folder_ / "a.tar").string() + "] the name '../evil' leads out of the folder: nothing is extracted");
  EXPECT_THAT(error(tar({{"d/../../evil", "2"}})), HasSubstr("leads out of the folder"));
  EXPECT_THAT(error(tar({{"/tmp/evil", "2"}})), HasSubstr("leads out of the folder"));
  EXPECT_THAT(error(tar_member("link", "", '2', "/etc/passwd") + std::string(1024, '\0')),
              HasSubstr("'link' is a link"));
  EXPECT_THAT(error(tar_member("hard", "", '1', "fine") + std::string(1024, '\0')), HasSubstr("'hard' is a link"));
  EXPECT_THAT(error("no archive"), HasSubstr("not an archive, truncated or damaged"));
  const std::string whole = tar({{"one", std::string(3000, 'x')}});
  EXPECT_THAT(error(whole.substr(0, 2000)), HasSubstr("not an archive, truncated or damaged"));
  EXPECT_THAT(error_text<IoError>([&] { extract(folder_ / "none", folder_ / "out"); }), HasSubstr("cannot read"));
}

}  // namespace
}  // namespace cornu::io::archive
