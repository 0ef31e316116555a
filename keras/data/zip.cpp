// Datasets of elements side by side: zip, enumerate.
#include <limits>

#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;

namespace internal {
namespace {

class Zipped final : public Elements {
 public:
  explicit Zipped(std::vector<ElementsPointer> inputs) : inputs_(std::move(inputs)) {}
  bool next(Element& element) override {
    element = Element();
    for (const ElementsPointer& input : inputs_) {
      Element part;
      if (!input->next(part)) return false;
      if (inputs_.size() == 1) {
        element = std::move(part);
        return true;
      }
      for (const Arrays& arrays : part.parts()) element.append(arrays);
    }
    return true;
  }
  bool skip() override {
    for (const ElementsPointer& input : inputs_)
      if (!input->skip()) return false;
    return true;
  }

 private:
  std::vector<ElementsPointer> inputs_;
};

class ZipNode final : public Node {
 public:
  explicit ZipNode(std::vector<NodePointer> inputs) : inputs_(std::move(inputs)) {}
  bool needs_seed() const override {
    for (const NodePointer& input : inputs_)
      if (input->needs_seed()) return true;
    return false;
  }
  std::int64_t cardinality() const override {
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    bool unknown = false;
    for (const NodePointer& input : inputs_) {
      const std::int64_t n = input->cardinality();
      unknown |= n == kUnknownCardinality;
      if (known(n)) least = std::min(least, n);
    }
    if (unknown) return kUnknownCardinality;
    return least == std::numeric_limits<std::int64_t>::max() ? kInfiniteCardinality : least;
  }
  // All with the same numbers: what is shuffled alike stays side by side.
  ElementsPointer elements(const Iteration& iteration) const override {
    std::vector<ElementsPointer> open;
    for (const NodePointer& input : inputs_) open.push_back(input->elements(iteration));
    return std::make_unique<Zipped>(std::move(open));
  }

 private:
  std::vector<NodePointer> inputs_;
};

class Numbered final : public Elements {
 public:
  Numbered(ElementsPointer input, std::int64_t start) : input_(std::move(input)), number_(start) {}
  bool next(Element& element) override {
    Element before;
    if (!input_->next(before)) return false;
    element = Element(Array::scalar(number_++));
    for (const Arrays& part : before.parts()) element.append(part);
    return true;
  }
  bool skip() override { return ++number_, input_->skip(); }

 private:
  ElementsPointer input_;
  std::int64_t number_;
};

class EnumerateNode final : public NodeOfOne {
 public:
  EnumerateNode(NodePointer input, std::int64_t start) : NodeOfOne(std::move(input)), start_(start) {}
  std::int64_t cardinality() const override { return input().cardinality(); }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<Numbered>(input().elements(iteration), start_);
  }

 private:
  std::int64_t start_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::zip(std::vector<Dataset> datasets) {
  require<ValueError>(!datasets.empty(), "Dataset.zip: expected data sets, got none");
  std::vector<internal::NodePointer> nodes;
  for (const Dataset& dataset : datasets) nodes.push_back(dataset.node_);
  return internal::dataset_of<internal::ZipNode>(std::move(nodes));
}

Dataset Dataset::enumerate(std::int64_t start) const {
  return internal::dataset_of<internal::EnumerateNode>(node_, start);
}

}  // namespace cornu::keras::data
