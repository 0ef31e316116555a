#include "cornu/keras/data/internal/list.h"

namespace cornu::keras::data {

namespace internal {
namespace {

// What the first whole pass has left.
struct Kept {
  std::mutex mutex;
  ElementList list;
};

// Keeps what it gives. Where it is known how many elements there are, the last one is the end: nobody may ask for more.
class Recorded final : public Elements {
 public:
  Recorded(ElementsPointer input, std::int64_t count, std::shared_ptr<Kept> kept)
      : input_(std::move(input)), count_(count), kept_(std::move(kept)) {}
  bool next(Element& element) override {
    const bool more = static_cast<std::int64_t>(list_.size()) != count_ && input_->next(element);
    if (more) list_.push_back(element);
    if (!more || static_cast<std::int64_t>(list_.size()) == count_) {
      const std::lock_guard lock(kept_->mutex);
      if (kept_->list == nullptr) kept_->list = std::make_shared<const std::vector<Element>>(list_);
    }
    return more;
  }

 private:
  ElementsPointer input_;
  std::int64_t count_;
  std::shared_ptr<Kept> kept_;
  std::vector<Element> list_;
};

class CacheNode final : public NodeOfOne {
 public:
  using NodeOfOne::NodeOfOne;
  std::int64_t cardinality() const override {
    const std::lock_guard lock(kept_->mutex);
    return kept_->list ? static_cast<std::int64_t>(kept_->list->size()) : input().cardinality();
  }
  // It does not matter which pass is the first one: a run that was resumed has the elements of one that was not.
  ElementsPointer elements(const Iteration& iteration) const override {
    {
      const std::lock_guard lock(kept_->mutex);
      if (kept_->list) return elements_of(kept_->list);
    }
    return std::make_unique<Recorded>(input().elements({0, iteration.seed}), input().cardinality(), kept_);
  }

 private:
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace
}  // namespace internal

Dataset Dataset::cache() const { return internal::dataset_of<internal::CacheNode>(node_); }

}  // namespace cornu::keras::data
