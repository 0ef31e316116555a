#include "cornu/io/atomic_file.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/io/temporary_folder.h"

namespace cornu::io {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using tests::read_text;
using tests::TemporaryFolder;
using tests::write_text;

std::string error_of(const auto& f) {
  try {
    f();
  } catch (const graph::IoError& e) {
    return e.what();
  }
  return "no error";
}

int entries(const fs::path& folder) {
  return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(AtomicFile, TargetAppearsAtCommitOnly) {
  TemporaryFolder folder;
  AtomicFile file(folder / "a.txt");
  file.write("hello ", 6);
  file.write("world", 5);
  EXPECT_FALSE(fs::exists(folder / "a.txt"));
  EXPECT_EQ(file.temporary().parent_path(), folder.path());
  file.commit();
  EXPECT_EQ(read_text(folder / "a.txt"), "hello world");
  EXPECT_FALSE(fs::exists(file.temporary()));
}

TEST(AtomicFile, AnotherLibraryMayWriteTheTemporaryFile) {
  TemporaryFolder folder;
  AtomicFile file(folder / "a.txt");
  fs::remove(file.temporary());
  write_text(file.temporary(), "by name");
  file.commit();
  EXPECT_EQ(read_text(folder / "a.txt"), "by name");
}

TEST(AtomicFile, WithoutCommitTheOldFileStaysAndNothingElse) {
  TemporaryFolder folder;
  write_text(folder / "a.txt", "old");
  {
    AtomicFile file(folder / "a.txt");
    file.write("new", 3);
  }
  EXPECT_EQ(read_text(folder / "a.txt"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(AtomicFile, KeepsPermissionsAndLinks) {
  TemporaryFolder folder;
  write_text(folder / "real.txt", "old");
  fs::permissions(folder / "real.txt", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.txt", folder / "link.txt");
  AtomicFile file(folder / "link.txt");
  file.write("new", 3);
  file.commit();
  EXPECT_TRUE(fs::is_symlink(folder / "link.txt"));
  EXPECT_EQ(read_text(folder / "real.txt"), "new");
  EXPECT_EQ(fs::status(folder / "real.txt").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST(AtomicFile, TwoWritersOfOneTargetDoNotMix) {
  TemporaryFolder folder;
  AtomicFile first(folder / "a.txt"), second(folder / "a.txt");
  first.write("first", 5);
  second.write("second", 6);
  second.commit();
  first.commit();
  EXPECT_EQ(read_text(folder / "a.txt"), "first");
}

TEST(AtomicFile, NamesTheTargetAndTheReason) {
  TemporaryFolder folder;
  const fs::path missing = folder / "no" / "such" / "a.txt";
  EXPECT_EQ(error_of([&] { AtomicFile{missing}; }),
            "[" + missing.string() + "] cannot write: No such file or directory");
  EXPECT_EQ(error_of([&] { AtomicFile{folder.path()}; }), "[" + folder.path().string() + "] cannot write: is a folder");
  EXPECT_EQ(error_of([&] { AtomicFile{"/dev/null"}; }), "[/dev/null] cannot write: not a regular file");
  EXPECT_EQ(error_of([&] { AtomicFile{""}; }), "[] cannot write: not the name of a file");
}

// A limit on the size of files stands in for a full disk: the same path through write() with another errno.
TEST(AtomicFile, AFullDiskIsAnErrorAndTheOldFileStays) {
  TemporaryFolder folder;
  write_text(folder / "a.txt", "old");
  struct rlimit old {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit small { 100, old.rlim_max };
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = error_of([&] {
    AtomicFile file(folder / "a.txt");
    file.write(std::string(1000, 'x').data(), 1000);
    file.commit();
  });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(error, HasSubstr("cannot write: File too large"));
  EXPECT_EQ(read_text(folder / "a.txt"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(AtomicFile, RemovesWhatKilledProcessesHaveLeft) {
  const TemporaryFolder folder;
  for (const char* name : {".cornu-12-0.tmp", ".cornu-x.tmp", "cornu-1-0.tmp", ".cornu-1-0.h5", "a"})
    tests::write_text(folder / name, "x");
  AtomicFile::remove_abandoned(folder.path());
  EXPECT_EQ(entries(folder.path()), 3);
  EXPECT_FALSE(std::filesystem::exists(folder / ".cornu-12-0.tmp"));
  EXPECT_NO_THROW(AtomicFile::remove_abandoned(folder / "none"));
}

}  // namespace
}  // namespace cornu::io
