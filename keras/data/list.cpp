#include "cornu/keras/data/internal/list.h"

namespace cornu::keras::data::internal {
namespace {

class Listed final : public Elements {
 public:
  explicit Listed(ElementList list) : list_(std::move(list)) {}
  bool next(Element& element) override {
    if (at_ == list_->size()) return false;
    element = (*list_)[at_++];
    return true;
  }
  bool skip() override { return at_ < list_->size() && (++at_, true); }

 private:
  ElementList list_;
  std::size_t at_ = 0;
};

class ListNode final : public Node {
 public:
  explicit ListNode(ElementList list) : list_(std::move(list)) {}
  ElementsPointer elements(const Iteration&) const override { return elements_of(list_); }
  std::int64_t cardinality() const override { return static_cast<std::int64_t>(list_->size()); }

 private:
  ElementList list_;
};

}  // namespace

ElementsPointer elements_of(ElementList list) { return std::make_unique<Listed>(std::move(list)); }
Dataset dataset_of_list(ElementList list) { return dataset_of<ListNode>(std::move(list)); }

}  // namespace cornu::keras::data::internal
