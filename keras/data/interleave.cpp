// Datasets of the elements of other ones: interleave, flat_map.
#include "cornu/keras/data/internal/interleaved.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

constexpr int kUsualCycle = 4;  // the same on every machine, since the order of elements depends on it

class Interleaved final : public SteppingStream<Element, Interleaved> {
 public:
  Interleaved(NextDataset next, std::int64_t cycle_length, std::int64_t block_length, const Iteration& iteration)
      : next_(std::move(next)), block_length_(block_length), iteration_(iteration) {
    open_.resize(static_cast<std::size_t>(cycle_length));
  }
  template <class F>
  bool step(F&& take) {
    while (opened_ > 0 || !ended_) {
      ElementsPointer& elements = open_[turn_];
      if (elements != nullptr) {
        if (take(*elements)) {
          if (++in_block_ == block_length_) pass_turn();
          return true;
        }
        elements.reset();
        --opened_;
        pass_turn();
      } else if (!ended_) {
        open(elements);
      } else {
        pass_turn();
      }
    }
    return false;
  }

 private:
  void open(ElementsPointer& elements) {
    const std::optional<Dataset> dataset = next_();
    ended_ = !dataset;
    if (ended_) return;
    ++number_;
    elements = dataset->node()->elements(
        {static_cast<std::int64_t>(mixed(static_cast<std::uint64_t>(iteration_.pass), number_)),
         mixed(iteration_.seed, number_)});
    ++opened_;
  }

  void pass_turn() {
    in_block_ = 0;
    turn_ = (turn_ + 1) % open_.size();
  }

  NextDataset next_;
  std::int64_t block_length_, in_block_ = 0, opened_ = 0;
  Iteration iteration_;
  std::vector<ElementsPointer> open_;
  std::size_t turn_ = 0;
  std::uint64_t number_ = 0;
  bool ended_ = false;
};

class InterleaveNode final : public NodeOfOne {
 public:
  InterleaveNode(NodePointer input, ElementFunction<Dataset> function, const InterleaveConfig& config)
      : NodeOfOne(std::move(input)), function_(std::move(function)), config_(config) {}
  bool needs_seed() const override { return true; }  // who knows what the function gives
  std::int64_t cardinality() const override { return input().cardinality() == 0 ? 0 : kUnknownCardinality; }
  ElementsPointer elements(const Iteration& iteration) const override {
    const std::shared_ptr<Elements> inputs = input().elements({iteration.pass, mixed(iteration.seed, 4)});
    const std::uint64_t seed = mixed(iteration.seed, static_cast<std::uint64_t>(iteration.pass));
    const bool ahead = config_.num_parallel_calls.value_or(1) > 1;
    NextDataset next = [inputs, seed, ahead, function = function_, block = config_.block_length,
                        place = std::uint64_t{0}]() mutable -> std::optional<Dataset> {
      Element element;
      if (!inputs->next(element)) return std::nullopt;
      graph::random::Generator generator(mixed(seed, place++));
      const Dataset made = function(element, generator);
      return ahead ? made.prefetch(block) : made;
    };
    return interleaved(std::move(next), config_.cycle_length, config_.block_length, iteration);
  }

 private:
  ElementFunction<Dataset> function_;
  InterleaveConfig config_;
};

}  // namespace

ElementsPointer interleaved(NextDataset next, std::int64_t cycle_length, std::int64_t block_length,
                            const Iteration& iteration) {
  return std::make_unique<Interleaved>(std::move(next), cycle_length, block_length, iteration);
}

}  // namespace internal

Dataset Dataset::interleave(ElementFunction<Dataset> function, InterleaveConfig config) const {
  constexpr const char* kWho = "Dataset.interleave: ";
  require<ValueError>(config.cycle_length >= 1 || config.cycle_length == AUTOTUNE, kWho,
                      "expected a cycle_length of at least 1, or AUTOTUNE, got ", config.cycle_length);
  require<ValueError>(config.block_length >= 1, kWho, "expected a block_length of at least 1, got ",
                      config.block_length);
  require<ValueError>(config.num_parallel_calls.value_or(1) >= 1 || config.num_parallel_calls == AUTOTUNE, kWho,
                      "expected num_parallel_calls of at least 1, or AUTOTUNE, got ",
                      config.num_parallel_calls.value_or(1));
  if (config.num_parallel_calls == AUTOTUNE) config.num_parallel_calls = internal::kUsualCycle;
  if (config.cycle_length == AUTOTUNE) config.cycle_length = config.num_parallel_calls.value_or(internal::kUsualCycle);
  return internal::dataset_of<internal::InterleaveNode>(node_, std::move(function), config);
}

Dataset Dataset::flat_map(ElementFunction<Dataset> function) const {
  return interleave(std::move(function), {.cycle_length = 1});
}

}  // namespace cornu::keras::data
