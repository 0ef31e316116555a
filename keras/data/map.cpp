#include <algorithm>

#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/ordered_workers.h"

namespace cornu::keras::data {

namespace internal {
namespace {

constexpr std::size_t kMostAtOnce = 128;  // elements that a thread takes where the function is quick

// The function, with the random numbers of the element at a place.
struct Mapping {
  ElementFunction<Element> function;
  std::uint64_t seed = 0;
  Element operator()(const Element& element, std::int64_t place) const {
    graph::random::Generator generator(function.random() ? mixed(seed, static_cast<std::uint64_t>(place)) : 0);
    return function(element, generator);
  }
};

class Mapped final : public Elements {
 public:
  Mapped(ElementsPointer input, std::shared_ptr<const Mapping> mapping)
      : input_(std::move(input)), mapping_(std::move(mapping)) {}
  bool next(Element& element) override {
    Element before;
    if (!input_->next(before)) return false;
    element = (*mapping_)(before, place_++);
    return true;
  }
  bool skip() override { return ++place_, input_->skip(); }

 private:
  ElementsPointer input_;
  std::shared_ptr<const Mapping> mapping_;
  std::int64_t place_ = 0;
};

class MappedByThreads final : public Elements {
 public:
  MappedByThreads(ElementsPointer input, std::shared_ptr<const Mapping> mapping, int threads, bool ordered)
      : input_(std::move(input)), mapping_(std::move(mapping)), threads_(threads), ordered_(ordered) {}
  bool next(Element& element) override {
    if (!workers_) {
      const OrderedWorkers::Config config{.threads = threads_,
                                          .ahead = 2 * static_cast<std::size_t>(threads_),
                                          .ordered = ordered_,
                                          .most_at_once = kMostAtOnce};
      workers_.emplace([this] { return job(); }, config);
    }
    return workers_->next(element);
  }
  bool skip() override { return workers_ ? Elements::skip() : (++place_, input_->skip()); }

 private:
  OrderedWorkers::Work job() {
    Element before;
    if (!input_->next(before)) return {};
    return [mapping = mapping_, before = std::move(before), place = place_++] { return (*mapping)(before, place); };
  }

  ElementsPointer input_;
  std::shared_ptr<const Mapping> mapping_;
  int threads_;
  bool ordered_;
  std::int64_t place_ = 0;
  std::optional<OrderedWorkers> workers_;
};

class MapNode final : public NodeOfOne {
 public:
  MapNode(NodePointer input, ElementFunction<Element> function, MapConfig config)
      : NodeOfOne(std::move(input)), function_(std::move(function)), config_(config) {
    if (config_.num_parallel_calls) threads_ = threads_of("Dataset.map", *config_.num_parallel_calls);
  }
  bool needs_seed() const override { return (function_.random() && !config_.seed) || input().needs_seed(); }
  std::int64_t cardinality() const override { return input().cardinality(); }
  ElementsPointer elements(const Iteration& iteration) const override {
    const std::uint64_t seed = mixed(config_.seed.value_or(iteration.seed), static_cast<std::uint64_t>(iteration.pass));
    auto mapping = std::make_shared<const Mapping>(Mapping{function_, seed});
    ElementsPointer from = input().elements({iteration.pass, mixed(iteration.seed, 2)});
    if (threads_ == 0) return std::make_unique<Mapped>(std::move(from), std::move(mapping));
    return std::make_unique<MappedByThreads>(std::move(from), std::move(mapping), threads_, config_.deterministic);
  }

 private:
  ElementFunction<Element> function_;
  MapConfig config_;
  int threads_ = 0;
};

}  // namespace
}  // namespace internal

Dataset Dataset::map(ElementFunction<Element> function, MapConfig config) const {
  return internal::dataset_of<internal::MapNode>(node_, std::move(function), config);
}

}  // namespace cornu::keras::data
