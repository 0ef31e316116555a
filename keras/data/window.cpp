#include <algorithm>
#include <deque>

#include "cornu/keras/data/internal/interleaved.h"
#include "cornu/keras/data/internal/list.h"

namespace cornu::keras::data {

using graph::require;

namespace internal {
namespace {

struct Windowing {
  std::int64_t size, shift, stride;
  bool drop_remainder;
  std::int64_t span() const { return (size - 1) * stride + 1; }  // elements from a window's first to its last
};

Windowing windowing_of(std::int64_t size, const WindowConfig& config) {
  return {size, config.shift.value_or(size), config.stride, config.drop_remainder};
}

// The windows, one after the other.
class WindowsInOrder {
 public:
  WindowsInOrder(ElementsPointer input, const Windowing& windowing) : input_(std::move(input)), windowing_(windowing) {}
  std::optional<Dataset> operator()() {
    for (; left_out_ > 0 && !ended_; --left_out_) ended_ = !input_->skip();
    Element element;
    while (!ended_ && static_cast<std::int64_t>(ahead_.size()) < windowing_.span()) {
      ended_ = !input_->next(element);
      if (!ended_) ahead_.push_back(std::move(element));
    }
    const auto there = static_cast<std::int64_t>(ahead_.size());
    if (there == 0 || (windowing_.drop_remainder && there < windowing_.span())) return std::nullopt;
    auto window = std::make_shared<std::vector<Element>>();
    for (std::int64_t i = 0; i < std::min(there, windowing_.span()); i += windowing_.stride)
      window->push_back(ahead_[static_cast<std::size_t>(i)]);
    const std::int64_t gone = std::min(windowing_.shift, there);
    ahead_.erase(ahead_.begin(), ahead_.begin() + gone);
    left_out_ = windowing_.shift - gone;
    return dataset_of_list(std::move(window));
  }

 private:
  ElementsPointer input_;
  Windowing windowing_;
  std::deque<Element> ahead_;  // from the next window's first element on
  std::int64_t left_out_ = 0;  // elements before it, where windows lie apart
  bool ended_ = false;
};

class WindowNode final : public NodeOfOne {
 public:
  WindowNode(NodePointer input, const Windowing& windowing, Windows::Function function)
      : NodeOfOne(std::move(input)), windowing_(windowing), function_(std::move(function)) {}
  bool needs_seed() const override { return true; }
  std::int64_t cardinality() const override { return input().cardinality() == 0 ? 0 : kUnknownCardinality; }
  ElementsPointer elements(const Iteration& iteration) const override {
    const auto windows =
        std::make_shared<WindowsInOrder>(input().elements({iteration.pass, mixed(iteration.seed, 5)}), windowing_);
    NextDataset next = [windows, function = function_]() -> std::optional<Dataset> {
      const std::optional<Dataset> window = (*windows)();
      return window ? std::optional(function(*window)) : std::nullopt;
    };
    return interleaved(std::move(next), 1, 1, iteration);
  }

 private:
  Windowing windowing_;
  Windows::Function function_;
};

}  // namespace
}  // namespace internal

Windows Dataset::window(std::int64_t size, WindowConfig config) const { return {*this, size, config}; }

Windows::Windows(Dataset dataset, std::int64_t size, WindowConfig config)
    : dataset_(std::move(dataset)), size_(size), config_(config) {
  constexpr const char* kWho = "Dataset.window: ";
  require<ValueError>(size >= 1, kWho, "expected a size of at least 1, got ", size);
  require<ValueError>(config.shift.value_or(1) >= 1, kWho, "expected a shift of at least 1, got ",
                      config.shift.value_or(1));
  require<ValueError>(config.stride >= 1, kWho, "expected a stride of at least 1, got ", config.stride);
}

Dataset Windows::flat_map(Function function) const {
  return internal::dataset_of<internal::WindowNode>(dataset_.node(), internal::windowing_of(size_, config_),
                                                    std::move(function));
}

Dataset Windows::batch() const {
  return flat_map([size = size_](const Dataset& window) { return window.batch(size); });
}

std::vector<Dataset> Windows::take(std::int64_t count) const {
  const internal::Node& node = *dataset_.node();
  internal::WindowsInOrder windows(node.elements(node.begin_pass()), internal::windowing_of(size_, config_));
  std::vector<Dataset> list;
  while (static_cast<std::int64_t>(list.size()) != count) {
    std::optional<Dataset> window = windows();
    if (!window) break;
    list.push_back(*std::move(window));
  }
  return list;
}

std::int64_t Windows::cardinality() const {
  const std::int64_t n = dataset_.cardinality();
  const internal::Windowing w = internal::windowing_of(size_, config_);
  if (!internal::known(n) || n == 0) return n;
  if (!w.drop_remainder) return (n - 1) / w.shift + 1;
  return n < w.span() ? 0 : (n - w.span()) / w.shift + 1;
}

}  // namespace cornu::keras::data
