#include <algorithm>

#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/ordered_workers.h"
#include "cornu/keras/data/internal/stacking.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

// What a batch is put together of: up to `size` values of the input; nothing where they end.
template <class T>
class Gathering {
 public:
  Gathering(StreamPointer<T> input, std::int64_t size, bool drop_remainder)
      : input_(std::move(input)), size_(size), drop_remainder_(drop_remainder) {}
  bool next(std::vector<T>& values) {
    values.clear();
    T value{};
    while (static_cast<std::int64_t>(values.size()) < size_ && !ended_) {
      if (input_->next(value))
        values.push_back(std::move(value));
      else
        ended_ = true;
    }
    return complete(static_cast<std::int64_t>(values.size()));
  }
  bool skip() {
    std::int64_t n = 0;
    while (n < size_ && !ended_) {
      if (input_->skip())
        ++n;
      else
        ended_ = true;
    }
    return complete(n);
  }
  /// Values that were taken before the present ones.
  std::int64_t before() const { return before_; }

 private:
  bool complete(std::int64_t n) {
    before_ = taken_;
    taken_ += n;
    return n == size_ || (n > 0 && !drop_remainder_);
  }

  StreamPointer<T> input_;
  std::int64_t size_, before_ = 0, taken_ = 0;
  bool drop_remainder_, ended_ = false;
};

struct Batching {
  std::int64_t size;
  BatchingConfig config;
  int threads = 0;
};

// Batches of the values of a stream, which `Make` puts together: make(values, number of the first one).
template <class T, class Make>
class Batches final : public Elements {
 public:
  Batches(StreamPointer<T> input, const Batching& batching, Make make)
      : input_(std::move(input), batching.size, batching.config.drop_remainder),
        batching_(batching),
        make_(std::move(make)) {}
  bool next(Element& element) override {
    if (batching_.threads == 0) {
      if (!input_.next(values_)) return false;
      element = make_(values_, input_.before());
      return true;
    }
    if (!workers_) {
      const OrderedWorkers::Config config{.threads = batching_.threads,
                                          .ahead = 2 * static_cast<std::size_t>(batching_.threads),
                                          .ordered = batching_.config.deterministic};
      workers_.emplace([this] { return job(); }, config);
    }
    return workers_->next(element);
  }
  bool skip() override { return workers_ ? Elements::skip() : input_.skip(); }

 private:
  OrderedWorkers::Work job() {
    std::vector<T> values;
    if (!input_.next(values)) return {};
    return [make = make_, values = std::move(values), before = input_.before()] { return make(values, before); };
  }

  Gathering<T> input_;
  Batching batching_;
  Make make_;
  std::vector<T> values_;
  std::optional<OrderedWorkers> workers_;
};

class BatchNode final : public NodeOfOne {
 public:
  BatchNode(NodePointer input, const Batching& batching) : NodeOfOne(std::move(input)), batching_(batching) {}
  std::int64_t cardinality() const override {
    const std::int64_t n = input().cardinality(), size = batching_.size;
    if (!known(n)) return n;
    return n / size + (n % size != 0 && !batching_.config.drop_remainder ? 1 : 0);
  }
  std::int64_t batch_size() const override { return batching_.size; }
  ElementsPointer elements(const Iteration& iteration) const override {
    if (input().table()) return gathered(iteration, nullptr);
    return batches(input().elements(iteration), [](const std::vector<Element>& values, std::int64_t before) {
      return stacked("Dataset.batch", values, before);
    });
  }
  ElementsPointer borrowed_elements(const Iteration& iteration) const override {
    if (!input().table() || batching_.threads > 0) return elements(iteration);
    return gathered(iteration, std::make_shared<Element>());
  }

 private:
  ElementsPointer gathered(const Iteration& iteration, const std::shared_ptr<Element>& kept) const {
    return batches(input().numbers(iteration),
                   [table = input().table(), kept](const std::vector<std::int64_t>& numbers, std::int64_t) {
                     return table->gather(numbers, kept.get());
                   });
  }
  template <class T, class Make>
  ElementsPointer batches(StreamPointer<T> input, Make make) const {
    return std::make_unique<Batches<T, Make>>(std::move(input), batching_, std::move(make));
  }

  Batching batching_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::batch(std::int64_t batch_size, BatchingConfig config) const {
  require<ValueError>(batch_size >= 1, "Dataset.batch: expected a batch_size of at least 1, got ", batch_size);
  const int threads = config.num_parallel_calls ? internal::threads_of("Dataset.batch", *config.num_parallel_calls) : 0;
  return internal::dataset_of<internal::BatchNode>(node_, internal::Batching{batch_size, config, threads});
}

Dataset Dataset::rebatch(std::int64_t batch_size, bool drop_remainder) const {
  require<ValueError>(batch_size >= 1, "Dataset.rebatch: expected a batch_size of at least 1, got ", batch_size);
  return unbatch().batch(batch_size, {.drop_remainder = drop_remainder});
}

}  // namespace cornu::keras::data
