#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/ordered_workers.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

constexpr std::int64_t kUsuallyAhead = 2;

class Prefetched final : public Elements {
 public:
  Prefetched(ElementsPointer input, std::int64_t ahead)
      : input_(std::move(input)), ahead_(static_cast<std::size_t>(ahead)) {}
  bool next(Element& element) override {
    if (!worker_) worker_.emplace([this] { return job(); }, OrderedWorkers::Config{.ahead = ahead_});
    return worker_->next(element);
  }
  bool skip() override { return worker_ ? Elements::skip() : input_->skip(); }

 private:
  OrderedWorkers::Work job() {
    Element element;
    if (!input_->next(element)) return {};
    return [element = std::move(element)]() mutable { return std::move(element); };
  }

  ElementsPointer input_;
  std::size_t ahead_;
  std::optional<OrderedWorkers> worker_;
};

class PrefetchNode final : public NodeOfOne {
 public:
  PrefetchNode(NodePointer input, std::int64_t ahead) : NodeOfOne(std::move(input)), ahead_(ahead) {}
  std::int64_t cardinality() const override { return input().cardinality(); }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<Prefetched>(input().elements(iteration), ahead_);
  }

 private:
  std::int64_t ahead_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::prefetch(std::int64_t buffer_size) const {
  require<ValueError>(buffer_size >= 0 || buffer_size == AUTOTUNE,
                      "Dataset.prefetch: expected a buffer_size of at least 0, or AUTOTUNE, got ", buffer_size);
  if (buffer_size == 0) return *this;
  return internal::dataset_of<internal::PrefetchNode>(node_,
                                                      buffer_size == AUTOTUNE ? internal::kUsuallyAhead : buffer_size);
}

}  // namespace cornu::keras::data
