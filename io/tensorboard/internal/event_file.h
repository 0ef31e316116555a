#pragma once

#include <sys/types.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace cornu::io::tensorboard::internal {

/// Makes a file of a name that is not there yet in a folder: `events.out.tfevents.<seconds>.<host>.<pid>.<n><suffix>`,
/// where n counts this process's. Gives its path and a descriptor that appends; throws IoError.
struct NewFile {
  std::filesystem::path path;
  int descriptor;
};
NewFile create_event_file(const std::filesystem::path& folder, const std::string& suffix);

/// A file that records are added to by a thread of its own, in the order in which they come.
///
/// `push` copies a record to a queue, which is all that callers wait for. The thread takes what is there, every
/// `interval` or when half of the queue is full, and writes it at once: never back, so that somebody who reads
/// meanwhile sees the begin of the file as it stays. What a full disk refuses waits in the queue and is tried again
/// every second, or at the next flush; a record of which a part was written is ended before others. Records that find
/// the queue full, that wait when the file is closed, or whose file has been removed are dropped and counted. Each of
/// these things is said once on standard error.
class EventFile {
 public:
  /// What writes to a descriptor, as POSIX's write, which it is but in tests.
  using Write = std::function<ssize_t(int, const void*, std::size_t)>;

  /// Closes the descriptor in the end. `queue_bytes` is what may wait; a record that is larger goes into an empty
  /// queue.
  EventFile(NewFile file, double interval, std::size_t queue_bytes, Write write = {});
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  /// Adds a serialised event. With `stamped` its wall_time is the present one, and is set to that of the event before
  /// it if another thread was faster or somebody has turned the clock back.
  void push(std::string_view event, bool stamped);
  /// Waits until all that was pushed before is in the file, or was tried in vain.
  void flush();
  /// As flush; then ends the thread and closes the file. What comes later is dropped.
  void close();
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  enum Said { kRefused = 1, kGone = 2, kFull = 4, kClosed = 8 };
  void say(Said once, std::string_view text);
  void drop(std::uint64_t events, Said why, std::string_view text);
  void run();
  enum class Outcome { written, refused, gone };
  Outcome write_batch(std::unique_lock<std::mutex>& lock);
  std::uint64_t left_in_batch() const;

  const std::filesystem::path path_;
  const int descriptor_;
  const double interval_;
  const std::size_t queue_bytes_, worth_;  // worth a write
  const Write write_;
  const pid_t process_;

  mutable std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::string queue_;                    // whole records
  std::size_t in_hand_ = 0;              // bytes that the thread has taken and not written
  double last_time_ = 0;                 // of an event that was stamped
  std::uint64_t asked_ = 0, tried_ = 0;  // flushes
  bool closing_ = false, gone_ = false;

  std::string batch_;        // the thread's: records
  std::size_t written_ = 0;  // bytes of them

  std::atomic<std::uint64_t> dropped_{0};
  std::atomic<int> said_{0};
  std::mutex joining_;
  std::thread thread_;
};

/// The file is closed when the program ends by `exit`, if it is still there then.
void close_at_exit(const std::shared_ptr<EventFile>& file);

}  // namespace cornu::io::tensorboard::internal
