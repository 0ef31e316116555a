#include "cornu/io/tensorboard/internal/event_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <iostream>

#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/internal/record.h"
#include "tests/io/temporary_folder.h"
#include "tests/io/tensorboard/summaries_of.h"
#include "tests/support/captured_stream.h"

using namespace cornu;
using namespace cornu::io::tensorboard;
using namespace cornu::tests;
using internal::EventFile;
using testing::HasSubstr;

namespace {

std::string event(std::int64_t step, double wall_time = 1) {
  return internal::serialize({.wall_time = wall_time, .step = step, .summaries = {number("x", 1)}});
}
const std::size_t kSize = internal::record(event(1)).size();  // of a record with a step from 1 to 127

std::vector<std::int64_t> steps_of(const std::filesystem::path& path) {
  std::vector<std::int64_t> steps;
  for (const Event& e : events_of(path)) steps.push_back(e.step);
  return steps;
}

std::vector<std::int64_t> range(std::int64_t begin, std::int64_t end) {
  std::vector<std::int64_t> steps;
  for (auto i = begin; i < end; ++i) steps.push_back(i);
  return steps;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

/// A disk with so much room; writes what fits, then refuses.
struct SmallDisk {
  std::atomic<std::int64_t> room;
  EventFile::Write write() {
    return [this](int descriptor, const void* data, std::size_t size) -> ssize_t {
      const auto n = std::min<std::int64_t>(room, static_cast<std::int64_t>(size));
      if (n <= 0) {
        errno = ENOSPC;
        return -1;
      }
      room -= n;
      return ::write(descriptor, data, static_cast<std::size_t>(n));
    };
  }
};

/// A disk that writes nothing before it is released.
class HeldDisk {
 public:
  EventFile::Write write() {
    return [released = std::shared_future<void>(released_.get_future())](int descriptor, const void* data,
                                                                         std::size_t size) {
      released.wait();
      return ::write(descriptor, data, size);
    };
  }
  void release() { released_.set_value(); }

 private:
  std::promise<void> released_;
};

class EventFileTest : public ::testing::Test {
 protected:
  internal::NewFile file() {
    auto made = internal::create_event_file(folder_.path(), ".v2");
    path_ = made.path;
    return made;
  }
  TemporaryFolder folder_;
  std::filesystem::path path_;
};

}  // namespace

TEST_F(EventFileTest, KeepsTheOrder) {
  EventFile out(file(), 0.01, 1 << 20);
  for (int i = 0; i < 100; ++i) out.push(event(i), false);
  out.flush();
  EXPECT_EQ(steps_of(path_), range(0, 100));
  for (int i = 100; i < 120; ++i) out.push(event(i), false);
  out.close();
  EXPECT_EQ(steps_of(path_), range(0, 120));
  EXPECT_EQ(out.dropped(), 0u);
}

TEST_F(EventFileTest, WritesWithoutBeingAsked) {
  EventFile out(file(), 0.01, 1 << 20);
  out.push(event(1), false);
  EventReader reader(path_);
  for (int i = 0; i < 2000; ++i) {
    if (reader.next()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  FAIL() << "nothing was written in 10 s";
}

TEST_F(EventFileTest, GathersEventsForAWrite) {
  std::atomic<int> writes{0};
  EventFile out(file(), 100, 1 << 20, [&](int descriptor, const void* data, std::size_t size) {
    return ++writes, ::write(descriptor, data, size);
  });
  for (int i = 0; i < 50; ++i) out.push(event(i), false);
  out.flush();
  EXPECT_EQ(writes, 1);
}

TEST_F(EventFileTest, AQueueThatIsHalfFullIsWrittenBefore) {
  EventFile out(file(), 100, 20 * kSize);
  for (int i = 1; i <= 10; ++i) out.push(event(i), false);
  EventReader reader(path_);
  int seen = 0;
  for (int i = 0; i < 2000 && seen < 10; ++i) {
    while (reader.next()) ++seen;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(seen, 10);
}

TEST_F(EventFileTest, WritesOnAfterInterruptedAndPartialWrites) {
  int call = 0;
  EventFile out(file(), 0.01, 1 << 20, [&](int descriptor, const void* data, std::size_t size) -> ssize_t {
    if (++call % 2 == 0) {
      errno = EINTR;
      return -1;
    }
    return ::write(descriptor, data, std::min<std::size_t>(size, 7));
  });
  for (int i = 0; i < 20; ++i) out.push(event(i), false);
  out.close();
  EXPECT_EQ(steps_of(path_), range(0, 20));
}

TEST_F(EventFileTest, AFullDiskIsSaidOnceAndNothingIsHalfRead) {
  CapturedStream errors(std::cerr);
  SmallDisk disk{static_cast<std::int64_t>(10 * kSize + 20)};
  EventFile out(file(), 0.01, 1 << 20, disk.write());
  for (int i = 1; i <= 30; ++i) {
    out.push(event(i), false);
    if (i % 4 == 0) out.flush();
  }
  out.close();
  EventReader reader(path_);
  std::int64_t read = 0;
  while (const auto e = reader.next()) EXPECT_EQ(e->step, ++read);
  EXPECT_EQ(read, 10);
  EXPECT_TRUE(reader.damages().empty());
  EXPECT_EQ(reader.incomplete(), 20u);
  EXPECT_EQ(out.dropped(), 20u);
  EXPECT_EQ(errors.text(), "Warning: [" + path_.string() +
                               "] cannot write: No space left on device; events wait, and are dropped if they become "
                               "too many or the file is closed\n");
}

TEST_F(EventFileTest, WhenThereIsRoomAgainNothingIsLost) {
  CapturedStream errors(std::cerr);
  SmallDisk disk{static_cast<std::int64_t>(3 * kSize + 20)};
  EventFile out(file(), 0.01, 1 << 20, disk.write());
  for (int i = 0; i < 10; ++i) out.push(event(i), false);
  out.flush();
  EXPECT_EQ(out.dropped(), 0u);
  for (int i = 10; i < 20; ++i) out.push(event(i), false);
  disk.room = 1 << 20;
  out.flush();
  EXPECT_EQ(steps_of(path_), range(0, 20));
  EXPECT_EQ(out.dropped(), 0u);
}

TEST_F(EventFileTest, AFullDiskIsTriedAgainByItself) {
  CapturedStream errors(std::cerr);
  SmallDisk disk{0};
  EventFile out(file(), 0.01, 1 << 20, disk.write());
  out.push(event(1), false);
  out.flush();
  disk.room = 1 << 20;
  EventReader reader(path_);
  bool seen = false;
  for (int i = 0; i < 400 && !seen; ++i) {
    seen = reader.next().has_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(25));
  }
  EXPECT_TRUE(seen);
}

TEST_F(EventFileTest, AStuckDiskBlocksNobodyAndItsQueueIsBounded) {
  CapturedStream errors(std::cerr);
  HeldDisk disk;
  EventFile out(file(), 0.01, 10 * kSize, disk.write());
  for (int i = 1; i <= 100; ++i) out.push(event(i), false);  // returns although nothing is written
  EXPECT_EQ(out.dropped(), 90u);
  disk.release();
  out.close();
  EXPECT_EQ(steps_of(path_), range(1, 11));
  EXPECT_EQ(count(errors.text(), "Warning"), 1u);
  EXPECT_THAT(errors.text(), HasSubstr("bytes wait for the disk; events are dropped"));
}

TEST_F(EventFileTest, ARecordLargerThanTheQueueGoesIntoAnEmptyOne) {
  CapturedStream errors(std::cerr);
  HeldDisk disk;
  EventFile out(file(), 100, 10, disk.write());
  out.push(event(1), false);
  out.push(event(2), false);  // the first one waits in the queue, or for the disk
  disk.release();
  out.flush();
  out.push(event(3), false);
  out.close();
  EXPECT_EQ(steps_of(path_), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(out.dropped(), 1u);
}

TEST_F(EventFileTest, ARemovedFileIsSaidOnce) {
  CapturedStream errors(std::cerr);
  EventFile out(file(), 0.01, 1 << 20);
  out.push(event(1), false);
  out.flush();
  std::filesystem::remove_all(folder_.path());
  for (int i = 0; i < 5; ++i) {
    out.push(event(i), false);
    out.flush();
  }
  out.close();
  EXPECT_EQ(out.dropped(), 5u);
  EXPECT_EQ(errors.text(), "Warning: [" + path_.string() + "] is gone; events are dropped\n");
}

TEST_F(EventFileTest, AfterCloseEventsAreDroppedWithAWarning) {
  CapturedStream errors(std::cerr);
  EventFile out(file(), 0.01, 1 << 20);
  out.push(event(1), false);
  out.close();
  out.close();
  out.push(event(2), false);
  out.push(event(3), false);
  out.flush();
  EXPECT_EQ(steps_of(path_), std::vector<std::int64_t>{1});
  EXPECT_EQ(out.dropped(), 2u);
  EXPECT_EQ(errors.text(), "Warning: [" + path_.string() + "] is closed; events are dropped\n");
}

TEST_F(EventFileTest, TimeThatWasNotGivenDoesNotGoBack) {
  EventFile out(file(), 0.01, 1 << 20);
  out.push(event(1, 100), true);
  out.push(event(2, 90), true);
  out.push(event(3, 5), false);
  out.push(event(4, 110), true);
  out.push(event(5, 500), false);
  out.push(event(6, 105), true);
  out.close();
  std::vector<double> times;
  for (const Event& e : events_of(path_)) times.push_back(e.wall_time);
  EXPECT_EQ(times, (std::vector<double>{100, 100, 5, 110, 500, 110}));
}

TEST_F(EventFileTest, FlushesOfManyThreadsAllReturn) {
  EventFile out(file(), 0.01, 1 << 20);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        out.push(event(i), false);
        out.flush();
      }
    });
  for (auto& thread : threads) thread.join();
  out.close();
  EXPECT_EQ(steps_of(path_).size(), 200u);
}

TEST(CreateEventFile, GivesNamesOfTheirOwn) {
  TemporaryFolder folder;
  const auto a = internal::create_event_file(folder / "new/run", ".v2"),
             b = internal::create_event_file(folder / "new/run", "");
  ::close(a.descriptor);
  ::close(b.descriptor);
  EXPECT_NE(a.path, b.path);
  const std::string pid = std::to_string(::getpid());
  EXPECT_THAT(
      a.path.filename().string(),
      testing::MatchesRegex("events\\.out\\.tfevents\\.[0-9]{10,}\\.[A-Za-z0-9._-]+\\." + pid + "\\.[0-9]+\\.v2"));
  EXPECT_THAT(b.path.filename().string(),
              testing::MatchesRegex("events\\.out\\.tfevents\\.[0-9]{10,}\\.[A-Za-z0-9._-]+\\." + pid + "\\.[0-9]+"));
}

TEST(CreateEventFile, SaysWhyNot) {
  TemporaryFolder folder;
  write_text(folder / "file", "");
  try {
    internal::create_event_file(folder / "file", "");
    FAIL();
  } catch (const graph::IoError& e) {
    EXPECT_EQ(std::string(e.what()), "[" + (folder / "file").string() + "] cannot make the folder: Not a directory");
  }
  try {
    internal::create_event_file("/proc/no/such", "");
    FAIL();
  } catch (const graph::IoError& e) {
    EXPECT_THAT(e.what(), HasSubstr("[/proc/no/such] cannot make the folder: "));
  }
}
