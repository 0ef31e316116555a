#include "cornu/keras/data/sequence.h"

#include <tuple>
#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/data/internal/columns_of.h"
#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/ordered_workers.h"

namespace cornu::keras::data {

using graph::require;

Sequence::Sequence(SequenceConfig config) : config_(config) {
  require<ValueError>(config_.workers >= 1, "Sequence: expected workers of at least 1, got ", config_.workers);
  require<ValueError>(config_.max_queue_size >= 1, "Sequence: expected a max_queue_size of at least 1, got ",
                      config_.max_queue_size);
}

Sequence::~Sequence() = default;

void Sequence::shuffle(const graph::random::Generator& generator) {
  graph::random::Generator own = generator;
  seed_ = static_cast<std::int64_t>(own.next());
  shuffles_ = 1;
}

void Sequence::begin_epoch() {
  end_epoch();
  ++epochs_;
  batches_ = 0;
  in_epoch_ = true;
  on_epoch_begin();
}

// The order follows from the seed and the number of the epoch, so that a run which is resumed has it again.
void Sequence::open() {
  opened_ = true;
  order_.clear();
  if (shuffles_ != 0)
    if (const auto n = size())
      order_ = graph::random::Generator(
                   internal::mixed(static_cast<std::uint64_t>(seed_), static_cast<std::uint64_t>(epochs_)))
                   .permutation(*n);
  if (config_.workers == 1) return;
  internal::OrderedWorkers::NextJob jobs = [this, at = batches_, n = size()]() mutable {
    if (n && at >= *n) return internal::OrderedWorkers::Work();
    return internal::OrderedWorkers::Work([this, i = number_of(at++)] { return batch(i); });
  };
  workers_ = std::make_unique<internal::OrderedWorkers>(
      std::move(jobs), internal::OrderedWorkers::Config{.threads = config_.workers,
                                                        .ahead = static_cast<std::size_t>(config_.max_queue_size)});
}

std::int64_t Sequence::number_of(std::int64_t place) const {
  return order_.empty() ? place : order_[static_cast<std::size_t>(place)];
}

const Columns* Sequence::next() {
  if (!in_epoch_) return nullptr;
  const auto n = size();
  if (n && batches_ >= *n) return nullptr;
  try {
    if (!opened_) open();
    Element made;
    if (workers_ == nullptr)
      made = batch(number_of(batches_));
    else if (!workers_->next(made))
      return nullptr;
    columns_ = internal::columns_of(made);
  } catch (...) {
    workers_.reset();
    in_epoch_ = opened_ = false;
    throw;
  }
  ++batches_;
  return &columns_;
}

void Sequence::end_epoch() {
  workers_.reset();
  opened_ = false;
  if (std::exchange(in_epoch_, false)) on_epoch_end();
}

void Sequence::state(StateVisitor& v) {
  const auto before = std::tuple(seed_, shuffles_, epochs_, batches_);
  std::int64_t in_epoch = in_epoch_ ? 1 : 0;
  v("seed", seed_);
  v("shuffles", shuffles_);
  v("epochs", epochs_);
  v("batches", batches_);
  v("in_epoch", in_epoch);
  in_epoch_ = in_epoch != 0;
  if (before == std::tuple(seed_, shuffles_, epochs_, batches_)) return;
  workers_.reset();
  opened_ = false;
}

}  // namespace cornu::keras::data
