#include "cornu/keras/data/internal/ordered_workers.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/keras/data/dataset.h"

namespace cornu::keras::data::internal {

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

void OrderedWorkers::run() {
  for (;;) {
    std::int64_t place = 0;
    Work work;
    std::exception_ptr error;
    {
      const std::lock_guard taking(taking_);
      {
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return stopped_ || no_more_ || results_.size() < config_.ahead; });
        if (stopped_ || no_more_) return;
        place = given_ + static_cast<std::int64_t>(results_.size());
        results_.emplace_back();
      }
      try {
        work = next_job_();
      } catch (...) {
        error = std::current_exception();
      }
      if (!work) {  // the end, or what the input threw
        const std::lock_guard lock(mutex_);
        no_more_ = true;
        if (error)
          results_.back() = {true, {}, error};
        else
          results_.pop_back();
        room_.notify_all();
        result_.notify_all();
        return;
      }
    }
    Element element;
    try {
      element = work();
    } catch (...) {
      error = std::current_exception();
    }
    work = nullptr;
    const std::lock_guard lock(mutex_);
    // Without an order, what was given meanwhile may have come from any place: the first that waits takes the result.
    auto at = config_.ordered
                  ? results_.begin() + (place - given_)
                  : std::find_if(results_.begin(), results_.end(), [](const Result& r) { return !r.ready; });
    *at = {true, std::move(element), error};
    result_.notify_all();
  }
}

bool OrderedWorkers::has_result() const { return results_.empty() ? no_more_ : results_.front().ready; }

bool OrderedWorkers::next(Element& element) {
  std::exception_ptr error;
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
  }
  room_.notify_all();
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
