// Datasets of the elements for which a predicate holds: filter, take_while.
#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

namespace internal {
namespace {

struct Predicate {
  ElementFunction<bool> function;
  bool until_false = false;  // take_while
};

class Filtered final : public Elements {
 public:
  Filtered(ElementsPointer input, std::shared_ptr<const Predicate> predicate, std::uint64_t seed)
      : input_(std::move(input)), predicate_(std::move(predicate)), seed_(seed) {}
  bool next(Element& element) override {
    while (!ended_ && input_->next(element)) {
      graph::random::Generator generator(mixed(seed_, static_cast<std::uint64_t>(place_++)));
      if (predicate_->function(element, generator)) return true;
      ended_ = predicate_->until_false;
    }
    return false;
  }

 private:
  ElementsPointer input_;
  std::shared_ptr<const Predicate> predicate_;
  std::uint64_t seed_;
  std::int64_t place_ = 0;
  bool ended_ = false;
};

class FilterNode final : public NodeOfOne {
 public:
  FilterNode(NodePointer input, Predicate predicate)
      : NodeOfOne(std::move(input)), predicate_(std::make_shared<const Predicate>(std::move(predicate))) {}
  bool needs_seed() const override { return predicate_->function.random() || input().needs_seed(); }
  std::int64_t cardinality() const override { return input().cardinality() == 0 ? 0 : kUnknownCardinality; }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<Filtered>(input().elements({iteration.pass, mixed(iteration.seed, 3)}), predicate_,
                                      mixed(iteration.seed, static_cast<std::uint64_t>(iteration.pass)));
  }

 private:
  std::shared_ptr<const Predicate> predicate_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::filter(ElementFunction<bool> predicate) const {
  return internal::dataset_of<internal::FilterNode>(node_, internal::Predicate{std::move(predicate), false});
}

Dataset Dataset::take_while(ElementFunction<bool> predicate) const {
  return internal::dataset_of<internal::FilterNode>(node_, internal::Predicate{std::move(predicate), true});
}

}  // namespace cornu::keras::data
