#include "cornu/io/hdf5/internal/isolate.h"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "tests/io/mutations.h"
#include "tests/io/temporary_folder.h"

namespace cornu::io::hdf5 {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;

void write_file(const std::filesystem::path& path, std::int64_t elements) {
  Writer file(path);
  file.root().texts("names", {"a", "b"});
  file.root().dataset("g/x", zeros({elements}));
  file.commit();
}

TEST(Isolated, SoundFilesPass) {
  TemporaryFolder folder;
  write_file(folder / "a.h5", 10);
  const File open_here(folder / "a.h5");
  const Group root = File(folder / "a.h5", {.isolated = true}).root();
  EXPECT_EQ(root.dataset("g/x").size(), 10);
  EXPECT_EQ(open_here.root().dataset("g/x").size(), 10);  // the parent's library is as it was
}

TEST(Isolated, TheChildsErrorsComeBack) {
  TemporaryFolder folder;
  const ReadConfig isolated{.isolated = true};
  EXPECT_THAT(error_text<IoError>([&] { File(folder / "a.h5", isolated); }),
              HasSubstr("a.h5: cannot be opened: No such file"));
  tests::write_text(folder / "b.h5", "no");
  EXPECT_THAT(error_text<FormatError>([&] { File(folder / "b.h5", isolated); }),
              HasSubstr("b.h5: not a sound HDF5 file"));
  EXPECT_THAT(error_text<ValueError>([&] { File(folder / "b.h5", {.isolated = true, .limits = {.memory = 0}}); }),
              HasSubstr("b.h5: the limits of an isolated reader must be positive"));
}

TEST(Isolated, ACrashIsAnError) {
  EXPECT_EQ(error_text<FormatError>([] { internal::isolate("a.h5", {}, [] { std::raise(SIGSEGV); }); }),
            "a.h5: the reader crashed (signal 11) on this file");
  EXPECT_EQ(error_text<FormatError>([] { internal::isolate("a.h5", {}, [] { std::_Exit(3); }); }),
            "a.h5: the reader crashed (no signal) on this file");
}

TEST(Isolated, AnEndlessLoopIsAnError) {
  const IsolationLimits limits{.cpu_time = std::chrono::seconds(1)};
  EXPECT_EQ(error_text<FormatError>([&] {
              internal::isolate("a.h5", limits, [] {
                volatile bool forever = true;
                while (forever) {
                }
              });
            }),
            "a.h5: the reader did not come to an end within 1 s on this file");
}

TEST(Isolated, TooMuchMemoryIsAnError) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers reserve the address space themselves";
#endif
  TemporaryFolder folder;
  write_file(folder / "a.h5", 30'000'000);
  EXPECT_THAT(
      error_text<FormatError>([&] { File(folder / "a.h5", {.isolated = true, .limits = {.memory = 50'000'000}}); }),
      EndsWith("a.h5: reading it takes more than 50000000 bytes of memory"));
  EXPECT_NO_THROW(File(folder / "a.h5", {.isolated = true}));
}

TEST(Isolated, WhileOtherThreadsRead) {
  TemporaryFolder folder;
  write_file(folder / "a.h5", 1000);
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) File(folder / "a.h5").root().dataset("g/x");
  });
  for (int i = 0; i < 10; ++i) EXPECT_NO_THROW(File(folder / "a.h5", {.isolated = true}));
  stop = true;
  reader.join();
}

}  // namespace
}  // namespace cornu::io::hdf5
