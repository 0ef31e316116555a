// Datasets of elements that are made: from_generator, range.
#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;

namespace internal {
namespace {

using Generating = std::function<std::optional<Element>()>;

class Generated final : public Elements {
 public:
  explicit Generated(Generating generator) : generator_(std::move(generator)) {}
  bool next(Element& element) override {
    std::optional<Element> made = generator_();
    if (made) element = *std::move(made);
    return made.has_value();
  }

 private:
  Generating generator_;
};

class GeneratorNode final : public Node {
 public:
  explicit GeneratorNode(Generating generator) : generator_(std::move(generator)) {}
  ElementsPointer elements(const Iteration&) const override { return std::make_unique<Generated>(generator_); }
  std::int64_t cardinality() const override { return kUnknownCardinality; }

 private:
  Generating generator_;
};

// start, start + step, …
class Counted final : public Elements {
 public:
  Counted(std::int64_t start, std::int64_t step, std::int64_t count) : at_(start), step_(step), left_(count) {}
  bool next(Element& element) override {
    if (left_ == 0) return false;
    element = Array::scalar(at_);
    return skip();
  }
  bool skip() override {
    if (left_ == 0) return false;
    if (--left_ > 0) at_ += step_;
    return true;
  }

 private:
  std::int64_t at_, step_, left_;
};

class RangeNode final : public Node {
 public:
  RangeNode(std::int64_t start, std::int64_t step, std::int64_t count) : start_(start), step_(step), count_(count) {}
  ElementsPointer elements(const Iteration&) const override { return std::make_unique<Counted>(start_, step_, count_); }
  std::int64_t cardinality() const override { return count_; }

 private:
  std::int64_t start_, step_, count_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::from_generator(std::function<std::optional<Element>()> generator) {
  require<ValueError>(static_cast<bool>(generator), "Dataset.from_generator: expected a function, got none");
  return internal::dataset_of<internal::GeneratorNode>(std::move(generator));
}

Dataset Dataset::range(std::int64_t stop) { return range(0, stop); }

Dataset Dataset::range(std::int64_t start, std::int64_t stop, std::int64_t step) {
  require<ValueError>(step != 0, "Dataset.range: expected a step other than 0");
  // Differences as unsigned numbers, since those of the smallest and the largest are too large for signed ones.
  const bool up = step > 0;
  const auto low = static_cast<std::uint64_t>(up ? start : stop), high = static_cast<std::uint64_t>(up ? stop : start);
  const auto stride = up ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
  const std::uint64_t count = (up ? start < stop : stop < start) ? (high - low - 1) / stride + 1 : 0;
  require<ValueError>(count < std::uint64_t{1} << 63, "Dataset.range: too many numbers from ", start, " to ", stop);
  return internal::dataset_of<internal::RangeNode>(start, step, static_cast<std::int64_t>(count));
}

}  // namespace cornu::keras::data
