#include "cornu/io/tensorboard/internal/event_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <system_error>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/io/tensorboard/internal/event_proto.h"
#include "cornu/io/tensorboard/internal/record.h"

namespace cornu::io::tensorboard::internal {

namespace fs = std::filesystem;
using graph::IoError;
using graph::message;

namespace {

constexpr std::size_t kBatch = 1 << 20;  // so many bytes are worth a write
constexpr std::size_t kKept = 4 << 20;   // a buffer that grew larger than this gives its memory back
constexpr auto kRetry = std::chrono::seconds(1);
constexpr std::string_view kGoneText = "is gone; events are dropped";
constexpr std::string_view kRefusedText =
    "; events wait, and are dropped if they become too many or the file is closed";

std::string reason(int error) { return std::generic_category().message(error); }

/// The computer's name with only what a part of a file name may be made of.
std::string host() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) name[0] = 0;
  std::string out;
  for (const char* at = name; *at != 0; ++at) {
    const auto c = static_cast<unsigned char>(*at);
    out += std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' ? *at : '_';
  }
  return out.empty() ? "localhost" : out;
}

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::uint64_t count_records(std::string_view records) {
  std::uint64_t n = 0;
  for (; !records.empty(); ++n) records.remove_prefix(record_size(records));
  return n;
}

}  // namespace

NewFile create_event_file(const fs::path& folder, const std::string& suffix) {
  std::error_code error;
  fs::create_directories(folder, error);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    throw IoError(
        message("[", folder.string(), "] cannot make the folder: ", error ? error.message() : reason(ENOTDIR)));
  static std::atomic<unsigned> counter{0};
  for (int attempt = 0;; ++attempt) {
    const auto seconds = static_cast<long long>(seconds_since_1970());
    std::string digits = std::to_string(seconds);
    if (digits.size() < 10)
      digits.insert(0, 10 - digits.size(), '0');  // files of a run are read in the order of their names
    fs::path path =
        folder / message("events.out.tfevents.", digits, ".", host(), ".", ::getpid(), ".", counter++, suffix);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0666);
    if (descriptor >= 0) return {std::move(path), descriptor};
    if (errno != EEXIST || attempt == 1000)
      throw IoError(message("[", path.string(), "] cannot create: ", reason(errno)));
  }
}

EventFile::EventFile(NewFile file, double interval, std::size_t queue_bytes, Write write)
    : path_(std::move(file.path)),
      descriptor_(file.descriptor),
      interval_(interval),
      queue_bytes_(queue_bytes),
      worth_(std::min(kBatch, queue_bytes / 2)),
      write_(write ? std::move(write) : Write(::write)),
      process_(::getpid()) {
  // The program's own threads handle its signals, so this one blocks them. A write beyond the limit of the file size is
  // then an error, too: not blocked, SIGXFSZ would end the program.
  sigset_t all, before;
  ::sigfillset(&all);
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::sigdelset(&all, own);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& e) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(descriptor_);
    throw IoError(message("[", path_.string(), "] cannot start the thread that writes: ", e.what()));
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

EventFile::~EventFile() {
  close();
  if (thread_.joinable()) thread_.detach();  // this is a forked child, where the thread does not run
}

void EventFile::say(Said once, std::string_view text) {
  if ((said_.fetch_or(once) & once) == 0)
    std::cerr << message("Warning: [", path_.string(), "] ", text, "\n") << std::flush;
}

void EventFile::drop(std::uint64_t events, Said why, std::string_view text) {
  if (events == 0) return;
  dropped_ += events;
  say(why, text);
}

void EventFile::push(std::string_view event, bool stamped) {
  std::string whole = record(event);
  std::unique_lock lock(mutex_);
  if (gone_ || closing_) {
    const bool gone = gone_;
    lock.unlock();
    return gone ? drop(1, kGone, kGoneText) : drop(1, kClosed, "is closed; events are dropped");
  }
  const std::size_t waiting = queue_.size() + in_hand_;
  if (waiting > 0 && waiting + whole.size() > queue_bytes_) {
    lock.unlock();
    return drop(1, kFull,
                message("events for more than ", queue_bytes_, " bytes wait for the disk; events are dropped"));
  }
  if (stamped) {
    double time;
    std::memcpy(&time, whole.data() + kRecordHeader + 1, sizeof time);
    if (time < last_time_) {
      set_wall_time(whole.data() + kRecordHeader, last_time_);
      seal_record(whole);
    }
    last_time_ = std::max(time, last_time_);
  }
  const bool first = queue_.empty();
  queue_ += whole;
  if (first || queue_.size() >= worth_) wake_.notify_one();
}

void EventFile::flush() {
  if (::getpid() != process_) return;  // a forked child has no such thread
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  wake_.notify_one();
  done_.wait(lock, [&] { return tried_ >= mine; });
}

void EventFile::close() {
  if (::getpid() != process_) return;
  const std::lock_guard joining(joining_);
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
  ::close(descriptor_);
}

void EventFile::run() {
  std::unique_lock lock(mutex_);
  const auto urgent = [&] { return closing_ || asked_ > tried_; };
  for (bool closing = false; !closing;) {
    if (!batch_.empty()) {  // the disk has refused it
      wake_.wait_for(lock, kRetry, urgent);
    } else {
      wake_.wait(lock, [&] { return urgent() || !queue_.empty(); });
      wake_.wait_for(lock, std::chrono::duration<double>(interval_),
                     [&] { return urgent() || queue_.size() >= worth_; });
    }
    const std::uint64_t asked = asked_;
    closing = closing_;
    auto outcome = batch_.empty() ? Outcome::written : write_batch(lock);
    if (outcome == Outcome::written && !queue_.empty()) {
      batch_.swap(queue_);
      outcome = write_batch(lock);
    }
    if (outcome == Outcome::gone) gone_ = true;
    if (outcome == Outcome::gone || (closing && outcome == Outcome::refused)) {
      const std::uint64_t left = count_records(queue_) + left_in_batch();
      queue_.clear();
      batch_.clear();
      in_hand_ = 0;
      if (outcome == Outcome::gone)
        drop(left, kGone, kGoneText);
      else
        drop(left, kRefused, kRefusedText);
    }
    tried_ = closing ? ~std::uint64_t{0} : asked;
    done_.notify_all();
  }
}

EventFile::Outcome EventFile::write_batch(std::unique_lock<std::mutex>& lock) {
  in_hand_ = batch_.size() - written_;
  lock.unlock();
  auto outcome = Outcome::written;
  struct stat status {};
  if (::fstat(descriptor_, &status) == 0 && status.st_nlink == 0) outcome = Outcome::gone;
  while (outcome == Outcome::written && written_ < batch_.size()) {
    const ssize_t n = write_(descriptor_, batch_.data() + written_, batch_.size() - written_);
    if (n < 0 && errno == EINTR) continue;
    if (n > 0) {
      written_ += static_cast<std::size_t>(n);
      continue;
    }
    outcome = Outcome::refused;
    say(kRefused, message("cannot write: ", reason(n < 0 ? errno : EIO), kRefusedText));
  }
  if (outcome == Outcome::written) {
    batch_.clear();
    written_ = 0;
    if (batch_.capacity() > kKept) batch_.shrink_to_fit();
  }
  lock.lock();
  in_hand_ = batch_.size() - written_;
  return outcome;
}

std::uint64_t EventFile::left_in_batch() const {
  std::string_view records = batch_;
  for (std::size_t end = 0; !records.empty(); records.remove_prefix(record_size(records))) {
    end += record_size(records);
    if (end > written_) break;
  }
  return count_records(records);
}

namespace {

struct OpenFiles {
  std::mutex mutex;
  std::vector<std::weak_ptr<EventFile>> files;
};

OpenFiles& open_files() {
  static OpenFiles& open = *new OpenFiles;  // never destroyed: files may be closed later than any static object
  return open;
}

void close_open_files() {
  std::vector<std::weak_ptr<EventFile>> files;
  {
    const std::lock_guard lock(open_files().mutex);
    files.swap(open_files().files);
  }
  for (const auto& file : files)
    if (const auto open = file.lock()) open->close();
}

}  // namespace

void close_at_exit(const std::shared_ptr<EventFile>& file) {
  auto& open = open_files();
  const std::lock_guard lock(open.mutex);
  [[maybe_unused]] static const int registered = std::atexit(close_open_files);
  std::erase_if(open.files, [](const auto& old) { return old.expired(); });
  open.files.push_back(file);
}

}  // namespace cornu::io::tensorboard::internal
