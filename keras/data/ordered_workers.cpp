#include "cornu/keras/data/internal/ordered_workers.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/keras/data/dataset.h"

namespace cornu::keras::data::internal {
namespace {

constexpr double kLong = 50e-6;  // seconds, next to which it does not count to wake a thread

}  // namespace

OrderedWorkers::OrderedWorkers(NextJob next_job, Config config) : next_job_(std::move(next_job)), config_(config) {
  try {
    for (int i = 0; i < config_.threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {  // the system has no more threads
    stop();
    throw;
  }
}

OrderedWorkers::~OrderedWorkers() { stop(); }

void OrderedWorkers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  room_.notify_all();
}

bool OrderedWorkers::take(std::vector<Work>& works, std::int64_t& place, Clock::time_point& start) {
  std::size_t wanted = 0;
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || no_more_ || has_room(); });
    if (stopped_ || no_more_) return false;
    wanted = at_once_;
    place = given_ + static_cast<std::int64_t>(results_.size());
    results_.resize(results_.size() + wanted);
  }
  start = Clock::now();  // the wait is no work
  std::exception_ptr error;
  while (works.size() < wanted) {
    Work work;
    try {
      work = next_job_();
    } catch (...) {
      error = std::current_exception();
    }
    if (!work) break;  // the end, or what the input threw
    works.push_back(std::move(work));
  }
  if (works.size() == wanted) return true;
  const std::lock_guard lock(mutex_);
  no_more_ = true;
  results_.resize(results_.size() - (wanted - works.size() - (error ? 1 : 0)));
  if (error) results_.back() = {true, {}, error};
  result_.notify_all();
  return false;
}

void OrderedWorkers::give(std::int64_t place, std::vector<Result>&& results, double seconds) {
  const double each = seconds / static_cast<double>(results.size());
  const std::lock_guard lock(mutex_);
  for (Result& result : results) {
    // Without an order, what was given meanwhile may have come from any place: the first that waits takes the result.
    auto at = config_.ordered
                  ? results_.begin() + (place++ - given_)
                  : std::find_if(results_.begin(), results_.end(), [](const Result& r) { return !r.ready; });
    *at = std::move(result);
  }
  // A thread that was kept from running by others says little about its jobs, one that was not says it all.
  job_seconds_ = std::min(each, job_seconds_ * 1.5);
  at_once_ = static_cast<std::size_t>(
      std::clamp(kLong / std::max(job_seconds_, 1e-9), 1.0, static_cast<double>(config_.most_at_once)));
  result_.notify_all();
}

void OrderedWorkers::run() {
  for (bool more = true; more;) {
    std::vector<Work> works;
    std::vector<Result> results;
    std::int64_t place = 0;
    Clock::time_point start;
    {
      const std::lock_guard taking(taking_);
      more = take(works, place, start);
    }
    if (works.empty()) continue;
    for (Work& work : works) {
      Result& result = results.emplace_back(Result{true, {}, nullptr});
      try {
        result.element = work();
      } catch (...) {
        result.error = std::current_exception();
      }
      work = nullptr;
    }
    give(place, std::move(results), std::chrono::duration<double>(Clock::now() - start).count());
  }
}

bool OrderedWorkers::next(Element& element) {
  std::exception_ptr error;
  bool room = false;
  {
    std::unique_lock lock(mutex_);
    if (stopped_) return false;
    result_.wait(lock, [&] { return has_result(); });
    if (results_.empty()) return false;
    element = std::move(results_.front().element);
    error = results_.front().error;
    results_.pop_front();
    ++given_;
    if (error) stopped_ = true;
    room = error || has_room();
  }
  if (room) room_.notify_all();
  if (error) std::rethrow_exception(error);
  return true;
}

int threads_of(const char* who, int num_parallel_calls) {
  graph::require<graph::ValueError>(num_parallel_calls >= 1 || num_parallel_calls == AUTOTUNE, who,
                                    ": expected num_parallel_calls of at least 1, or AUTOTUNE, got ",
                                    num_parallel_calls);
  if (num_parallel_calls != AUTOTUNE) return num_parallel_calls;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace cornu::keras::data::internal
