#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

template <class T>
class ShuffledStream final : public Stream<T> {
 public:
  ShuffledStream(StreamPointer<T> input, std::int64_t buffer_size, std::uint64_t seed)
      : input_(std::move(input)), buffer_size_(buffer_size), random_(seed) {}
  bool next(T& value) override {
    while (input_ != nullptr && static_cast<std::int64_t>(buffer_.size()) < buffer_size_) {
      T more{};
      if (input_->next(more))
        buffer_.push_back(std::move(more));
      else
        input_.reset();
    }
    if (buffer_.empty()) return false;
    std::swap(buffer_[random_.below(buffer_.size())], buffer_.back());
    value = std::move(buffer_.back());
    buffer_.pop_back();
    return true;
  }

 private:
  StreamPointer<T> input_;
  std::int64_t buffer_size_;
  graph::random::Generator random_;
  std::vector<T> buffer_;
};

class ShuffleNode final : public OrderNode<ShuffleNode> {
 public:
  ShuffleNode(NodePointer input, std::int64_t buffer_size, ShuffleConfig config)
      : OrderNode(std::move(input)), buffer_size_(buffer_size), config_(config) {}
  bool needs_seed() const override { return !config_.seed || input().needs_seed(); }
  std::int64_t cardinality() const override { return input().cardinality(); }
  template <class T>
  StreamPointer<T> ordered(const Iteration& iteration) const {
    const std::int64_t pass = config_.reshuffle_each_iteration ? iteration.pass : 0;
    const std::uint64_t seed = mixed(config_.seed.value_or(iteration.seed), static_cast<std::uint64_t>(pass));
    // Another shuffle without a seed, further up, draws other numbers.
    const Iteration before{iteration.pass, config_.seed ? iteration.seed : mixed(iteration.seed, 1)};
    return std::make_unique<ShuffledStream<T>>(open<T>(before), buffer_size_, seed);
  }

 private:
  std::int64_t buffer_size_;
  ShuffleConfig config_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::shuffle(std::int64_t buffer_size, ShuffleConfig config) const {
  require<ValueError>(buffer_size >= 1, "Dataset.shuffle: expected a buffer_size of at least 1, got ", buffer_size);
  return internal::dataset_of<internal::ShuffleNode>(node_, buffer_size, config);
}

}  // namespace cornu::keras::data
