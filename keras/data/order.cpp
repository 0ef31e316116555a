// Datasets of a part of the elements, or of all several times: take, skip, shard, repeat, concatenate.
#include <algorithm>
#include <limits>

#include "cornu/keras/data/internal/node.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

// Of the elements from `start` to `stop` those at `start`, `start + step`, …
struct Cut {
  std::int64_t start = 0, stop = kNoEnd, step = 1;
};

template <class T>
class CutStream final : public SteppingStream<T, CutStream<T>> {
 public:
  CutStream(StreamPointer<T> input, const Cut& cut) : input_(std::move(input)), cut_(cut) {}
  template <class F>
  bool step(F&& take) {
    if (next_ < 0) next_ = cut_.start;
    if (next_ >= cut_.stop) return false;
    for (; at_ < next_; ++at_)
      if (!input_->skip()) return false;
    next_ += cut_.step;
    ++at_;
    return take(*input_);
  }

 private:
  StreamPointer<T> input_;
  Cut cut_;
  std::int64_t at_ = 0, next_ = -1;  // places in the input
};

class CutNode final : public OrderNode<CutNode> {
 public:
  CutNode(NodePointer input, Cut cut) : OrderNode(std::move(input)), cut_(cut) {}
  std::int64_t cardinality() const override {
    const std::int64_t n = input().cardinality(), stop = n == kInfiniteCardinality ? cut_.stop : std::min(n, cut_.stop);
    if (cut_.stop <= cut_.start) return 0;
    if (n == kUnknownCardinality) return n;
    if (stop == kNoEnd) return kInfiniteCardinality;
    return std::max<std::int64_t>(0, (stop - cut_.start + cut_.step - 1) / cut_.step);
  }
  template <class T>
  StreamPointer<T> ordered(const Iteration& iteration) const {
    return std::make_unique<CutStream<T>>(open<T>(iteration), cut_);
  }

 private:
  Cut cut_;
};

class RepeatNode final : public OrderNode<RepeatNode> {
 public:
  RepeatNode(NodePointer input, std::int64_t count) : OrderNode(std::move(input)), count_(count) {}
  std::int64_t cardinality() const override {
    const std::int64_t n = input().cardinality();
    if (count_ == 0 || n == 0) return 0;
    if (count_ < 0) return kInfiniteCardinality;
    return known(n) ? n * count_ : n;
  }

  template <class T>
  class Repeats final : public SteppingStream<T, Repeats<T>> {
   public:
    Repeats(std::shared_ptr<const RepeatNode> node, const Iteration& iteration)
        : node_(std::move(node)), iteration_(iteration) {}
    template <class F>
    bool step(F&& take) {
      while (input_ != nullptr || done_ != node_->count_) {
        if (input_ == nullptr) {
          // The first repetition of pass p is pass p, so that repeat(1) changes nothing.
          Iteration own = iteration_;
          if (done_ > 0) own.pass = static_cast<std::int64_t>(mixed(static_cast<std::uint64_t>(own.pass), done_));
          input_ = node_->template open<T>(own);
          some_ = false;
        }
        if (take(*input_)) return some_ = true;
        input_.reset();
        ++done_;
        if (!some_) return false;  // nothing, however often
      }
      return false;
    }

   private:
    std::shared_ptr<const RepeatNode> node_;
    Iteration iteration_;
    StreamPointer<T> input_;
    std::int64_t done_ = 0;
    bool some_ = false;
  };
  template <class T>
  StreamPointer<T> ordered(const Iteration& iteration) const {
    return std::make_unique<Repeats<T>>(std::static_pointer_cast<const RepeatNode>(shared_from_this()), iteration);
  }

 private:
  std::int64_t count_;
};

class ConcatenateNode final : public NodeOfOne {
 public:
  ConcatenateNode(NodePointer input, NodePointer other) : NodeOfOne(std::move(input)), other_(std::move(other)) {}
  bool needs_seed() const override { return input().needs_seed() || other_->needs_seed(); }
  std::int64_t cardinality() const override {
    const std::int64_t a = input().cardinality(), b = other_->cardinality();
    for (const std::int64_t none : {kInfiniteCardinality, kUnknownCardinality})
      if (a == none || b == none) return none;
    return a + b;
  }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<Both>(input().elements(iteration), other_, iteration);
  }

 private:
  class Both final : public SteppingStream<Element, Both> {
   public:
    Both(ElementsPointer input, NodePointer other, const Iteration& iteration)
        : input_(std::move(input)), other_(std::move(other)), iteration_(iteration) {}
    template <class F>
    bool step(F&& take) {
      if (take(*input_)) return true;
      if (other_ == nullptr) return false;
      input_ = other_->elements(iteration_);
      other_.reset();
      return take(*input_);
    }

   private:
    ElementsPointer input_;
    NodePointer other_;
    Iteration iteration_;
  };

  NodePointer other_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::take(std::int64_t count) const {
  require<ValueError>(count >= -1, "Dataset.take: expected a count of at least 0, or -1 for all, got ", count);
  return internal::dataset_of<internal::CutNode>(node_, internal::Cut{.stop = count < 0 ? internal::kNoEnd : count});
}

Dataset Dataset::skip(std::int64_t count) const {
  require<ValueError>(count >= -1, "Dataset.skip: expected a count of at least 0, or -1 for all, got ", count);
  return internal::dataset_of<internal::CutNode>(node_, internal::Cut{.start = count < 0 ? internal::kNoEnd : count});
}

Dataset Dataset::shard(std::int64_t num_shards, std::int64_t index) const {
  require<ValueError>(num_shards >= 1, "Dataset.shard: expected num_shards of at least 1, got ", num_shards);
  require<ValueError>(index >= 0 && index < num_shards, "Dataset.shard: expected an index from 0 to ", num_shards - 1,
                      ", got ", index);
  return internal::dataset_of<internal::CutNode>(node_, internal::Cut{.start = index, .step = num_shards});
}

Dataset Dataset::repeat(std::int64_t count) const {
  require<ValueError>(count >= -1, "Dataset.repeat: expected a count of at least 0, or -1 for no end, got ", count);
  return internal::dataset_of<internal::RepeatNode>(node_, count);
}

Dataset Dataset::concatenate(const Dataset& other) const {
  return internal::dataset_of<internal::ConcatenateNode>(node_, other.node_);
}

}  // namespace cornu::keras::data
