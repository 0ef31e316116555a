#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "cornu/keras/data/element.h"

namespace cornu::keras::data::internal {

/// Threads that make elements ahead of who takes them. Each takes a job, one thread at a time and in order, works on it
/// while the others work on theirs, and puts the result at the job's place. What a job or its work throws lies at that
/// place, too, and is thrown when it is its turn. The threads end with the object.
///
/// To wake a thread takes longer than a short job: where jobs are short, a thread may take several at once.
class OrderedWorkers {
 public:
  /// The work of one element.
  using Work = std::function<Element()>;
  /// Gives the next one; an empty function at the end.
  using NextJob = std::function<Work()>;
  struct Config {
    int threads = 1;
    std::size_t ahead = 1;  ///< results that are made or waiting, at most, for each job that is taken at once
    bool ordered = true;    ///< else what is finished first is given first
    std::size_t most_at_once = 1;
  };

  OrderedWorkers(NextJob next_job, Config config);
  ~OrderedWorkers();
  OrderedWorkers(const OrderedWorkers&) = delete;

  /// The next result; false at the end, and after an exception.
  bool next(Element& element);

 private:
  using Clock = std::chrono::steady_clock;
  struct Result {
    bool ready = false;
    Element element;
    std::exception_ptr error;
  };
  void run();
  void stop();
  bool has_result() const { return results_.empty() ? no_more_ : results_.front().ready; }
  bool has_room() const { return results_.size() + at_once_ <= config_.ahead * at_once_; }
  /// Takes jobs into `works`, from `start` on. False if there are no more behind them.
  bool take(std::vector<Work>& works, std::int64_t& place, Clock::time_point& start);
  void give(std::int64_t place, std::vector<Result>&& results, double seconds);

  NextJob next_job_;
  Config config_;
  std::mutex taking_;  // held while a job is taken, before `mutex_`
  std::mutex mutex_;   // of everything below
  std::condition_variable room_, result_;
  std::deque<Result> results_;  // from the one that is given next on
  std::int64_t given_ = 0;      // results that are no longer in the list
  std::size_t at_once_ = 1;     // jobs that are taken at once
  double job_seconds_ = 1;      // how long one seems to take
  bool no_more_ = false;        // jobs
  bool stopped_ = false;
  std::vector<std::jthread> threads_;  // last, so that they end first
};

/// How many threads a `num_parallel_calls` means. Throws ValueError unless it is AUTOTUNE or at least 1.
int threads_of(const char* who, int num_parallel_calls);

}  // namespace cornu::keras::data::internal
