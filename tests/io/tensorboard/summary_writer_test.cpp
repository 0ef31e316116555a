#include "cornu/io/tensorboard/summary_writer.h"

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <map>
#include <thread>

#include "tests/io/mutations.h"
#include "tests/io/tensorboard/summaries_of.h"
#include "tests/support/captured_stream.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;
using testing::HasSubstr;

namespace {

/// Runs a function in a process of its own, which ends by _exit(0) if it returns; gives the status of waitpid.
template <class F>
int in_child(F&& f) {
  std::cout.flush();
  const pid_t child = ::fork();
  if (child == 0) {
    f();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST(SummaryWriter, BeginsWithTheVersion) {
  TemporaryFolder folder;
  { SummaryWriter writer(folder / "logs/run1"); }
  const auto events = events_of(event_file_in(folder / "logs/run1"));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].file_version, "brain.Event:2");
  EXPECT_EQ(events[0].step, 0);
  EXPECT_GT(events[0].wall_time, 1.6e9);
}

TEST(SummaryWriter, WritesWhatTheReaderReads) {
  TemporaryFolder folder;
  SummaryWriter writer(folder.path());
  EXPECT_EQ(writer.folder(), folder.path());
  writer.write(number("損失", 0.25f), 7);
  writer.write(Event{.wall_time = 5.5,
                     .step = 8,
                     .summaries = {number("a", 1), {.tag = "b", .plugin = "text", .strings = {"ü"}, .shape = {}}}});
  writer.flush();
  const auto events = events_of(writer.path());
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[1].summaries.at(0).tag, "損失");
  EXPECT_EQ(events[1].summaries[0].numbers->item<float>(), 0.25f);
  EXPECT_EQ(events[1].step, 7);
  EXPECT_GE(events[1].wall_time, events[0].wall_time);
  EXPECT_EQ(events[2].wall_time, 5.5);
  EXPECT_EQ(events[2].summaries.at(1).strings, std::vector<std::string>{"ü"});
  EXPECT_EQ(writer.dropped(), 0u);
}

TEST(SummaryWriter, RefusesAWrongConfiguration) {
  TemporaryFolder folder;
  EXPECT_EQ(error_text([&] { SummaryWriter(folder / "a", {.flush_secs = 0}); }),
            "SummaryWriter: flush_secs must be positive, got 0");
  EXPECT_EQ(error_text([&] { SummaryWriter(folder / "a", {.filename_suffix = "../x"}); }),
            "SummaryWriter: filename_suffix must not hold a slash, got \"../x\"");
  EXPECT_FALSE(std::filesystem::exists(folder / "a"));
  write_text(folder / "file", "");
  EXPECT_EQ(error_text<graph::IoError>([&] { SummaryWriter(folder / "file"); }),
            "[" + (folder / "file").string() + "] cannot make the folder: Not a directory");
}

TEST(SummaryWriter, MakesANewFileInAFolderThatHasOne) {
  TemporaryFolder folder;
  for (int i = 0; i < 3; ++i) {
    SummaryWriter writer(folder.path());
    writer.write(number("x", 1), i);
  }
  const auto files = event_files(folder.path());
  ASSERT_EQ(files.size(), 3u);
  for (const auto& file : files) EXPECT_EQ(events_of(file).size(), 2u);
}

TEST(SummaryWriter, CanBeMoved) {
  TemporaryFolder folder;
  SummaryWriter a(folder / "a");
  SummaryWriter b(folder / "b");
  const auto path_a = a.path(), path_b = b.path();
  a.write(number("x", 1), 1);
  b.write(number("x", 1), 1);
  b = std::move(a);
  EXPECT_EQ(b.path(), path_a);
  EXPECT_EQ(events_of(path_b).size(), 2u);  // closed when it was replaced
  b.write(number("x", 1), 2);
  SummaryWriter c(std::move(b));
  c.close();
  EXPECT_EQ(events_of(path_a).size(), 3u);
}

TEST(SummaryWriter, DropsWithAWarningAfterClose) {
  CapturedStream errors(std::cerr);
  TemporaryFolder folder;
  SummaryWriter writer(folder.path());
  writer.close();
  writer.write(number("x", 1), 1);
  writer.write(number("x", 1), 2);
  writer.flush();
  EXPECT_EQ(writer.dropped(), 2u);
  EXPECT_EQ(errors.text(), "Warning: [" + writer.path().string() + "] is closed; events are dropped\n");
}

TEST(SummaryWriter, LosesNoneOfManyThreadsEvents) {
  TemporaryFolder folder;
  constexpr int kThreads = 4, kEach = 25'000;
  SummaryWriter writer(folder.path());
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) writer.write(number("thread" + std::to_string(t), static_cast<float>(i)), i);
    });
  for (auto& thread : threads) thread.join();
  writer.close();
  EXPECT_EQ(writer.dropped(), 0u);
  std::map<std::string, int> next;
  double time = 0;
  for (const Event& event : events_of(writer.path())) {
    ASSERT_GE(event.wall_time, time);
    time = event.wall_time;
    for (const Summary& summary : event.summaries) {
      ASSERT_EQ(event.step, next[summary.tag]);
      ASSERT_EQ(summary.numbers->item<float>(), static_cast<float>(next[summary.tag]++));
    }
  }
  ASSERT_EQ(next.size(), static_cast<std::size_t>(kThreads));
  for (const auto& [tag, count] : next) EXPECT_EQ(count, kEach) << tag;
}

TEST(SummaryWriter, AFileThatItsReaderFollowsIsAlwaysWhole) {
  TemporaryFolder folder;
  SummaryWriter writer(folder.path(), {.flush_secs = 0.001});
  EventReader reader(writer.path());
  std::thread other([&] {
    for (int i = 0; i < 2000; ++i) writer.write({.tag = "x", .numbers = full({i % 700}, i)}, i);
    writer.close();
  });
  std::int64_t next = 0;
  for (int tries = 0; next < 2000 && tries < 100'000; ++tries)
    while (const auto event = reader.next()) {
      if (!event->file_version.empty()) continue;
      ASSERT_EQ(event->step, next++);
    }
  other.join();
  while (const auto event = reader.next()) ASSERT_EQ(event->step, next++);
  EXPECT_EQ(next, 2000);
  EXPECT_TRUE(reader.damages().empty());
}

TEST(SummaryWriterProcess, AKilledProgramLeavesWholeRecords) {
  TemporaryFolder folder;
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    SummaryWriter writer(folder.path(), {.flush_secs = 0.001});
    writer.write(number("x", 0), 0);
    writer.flush();
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (int i = 1;; ++i) writer.write({.tag = "x", .numbers = full({i % 5000}, i)}, i);
  }
  char byte;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ::close(ready[0]);
  ::close(ready[1]);
  EventReader reader(event_file_in(folder.path()));
  std::int64_t next = 0;
  while (const auto event = reader.next())
    if (!event->summaries.empty()) {
      ASSERT_EQ(event->step, next++);
    }
  EXPECT_GT(next, 0);
  EXPECT_TRUE(reader.damages().empty());
}

TEST(SummaryWriterProcess, ExitFlushesWritersThatNobodyDestroys) {
  TemporaryFolder folder;
  const int status = in_child([&] {
    auto* leaked = new SummaryWriter(folder / "leaked", {.flush_secs = 100});
    static SummaryWriter kept(folder / "static", {.flush_secs = 100});
    static std::unique_ptr<SummaryWriter> closed = std::make_unique<SummaryWriter>(folder / "closed");
    for (int i = 0; i < 10; ++i)
      leaked->write(number("x", 1), i), kept.write(number("x", 1), i), closed->write(number("x", 1), i);
    closed->close();
    std::exit(7);
  });
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  for (const char* name : {"leaked", "static", "closed"})
    EXPECT_EQ(events_of(event_file_in(folder / name)).size(), 11u) << name;
}

TEST(SummaryWriterProcess, ExitOfAForkedChildLeavesTheParentsFileAlone) {
  TemporaryFolder folder;
  SummaryWriter writer(folder.path());
  writer.flush();
  const int status = in_child([&] {
    writer.flush();
    writer.close();
  });
  EXPECT_EQ(status, 0);
  writer.write(number("x", 1), 1);
  writer.close();
  EXPECT_EQ(events_of(writer.path()).size(), 2u);
}

TEST(SummaryWriterProcess, AFullDiskEndsNothing) {
  TemporaryFolder folder;
  constexpr std::uint64_t kLimit = 100'000;
  const int status = in_child([&] {
    const rlimit limit{kLimit, kLimit};  // beyond it a write raises SIGXFSZ, or fails with EFBIG
    ::setrlimit(RLIMIT_FSIZE, &limit);
    CapturedStream errors(std::cerr);
    SummaryWriter writer(folder.path(), {.flush_secs = 0.001, .max_queue_bytes = 10'000});
    for (int i = 0; i < 10'000; ++i) {
      writer.write(number("x", 1), i);
      if (i % 100 == 0) writer.flush();
    }
    writer.close();
    const auto text = errors.text();
    const bool once = text.find("cannot write: File too large") != std::string::npos &&
                      text.find("cannot write", text.find("cannot write") + 1) == std::string::npos;
    std::uint64_t whole = 0;
    EventReader reader(writer.path());
    while (reader.next()) ++whole;
    ::_exit(!once ? 2 : whole + writer.dropped() != 10'001 ? 3 : whole < 1000 ? 4 : !reader.damages().empty() ? 5 : 0);
  });
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(SummaryWriterProcess, ARemovedFolderEndsNothing) {
  CapturedStream errors(std::cerr);
  TemporaryFolder folder;
  SummaryWriter writer(folder / "run");
  writer.flush();
  std::filesystem::remove_all(folder / "run");
  for (int i = 0; i < 10; ++i) {
    writer.write(number("x", 1), i);
    writer.flush();
  }
  writer.close();
  EXPECT_EQ(writer.dropped(), 10u);
  EXPECT_EQ(errors.text(), "Warning: [" + writer.path().string() + "] is gone; events are dropped\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}
