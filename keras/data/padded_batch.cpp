#include <algorithm>

#include "cornu/keras/data/internal/node.h"
#include "cornu/keras/data/internal/stacking.h"
#include "cornu/keras/data/internal/with_arrays.h"

namespace cornu::keras::data {

using graph::Array;
using graph::kUnknown;
using graph::require;

namespace internal {
namespace {

constexpr const char* kPaddedBatch = "Dataset.padded_batch: ";

// Writes an array where it belongs in one that is as long or longer in each axis.
void write_padded(const std::byte* from, const Shape& shape, std::byte* to, const Shape& padded, int axis,
                  std::size_t width) {
  const std::size_t row = static_cast<std::size_t>(shape.drop_front(axis).elements()) * width;
  if (shape.drop_front(axis) == padded.drop_front(axis)) {
    std::copy_n(from, row, to);
    return;
  }
  const std::size_t from_step = static_cast<std::size_t>(shape.drop_front(axis + 1).elements()) * width;
  const std::size_t to_step = static_cast<std::size_t>(padded.drop_front(axis + 1).elements()) * width;
  if (axis + 1 == shape.rank()) {
    std::copy_n(from, row, to);
    return;
  }
  for (std::int64_t i = 0; i < shape[axis]; ++i, from += from_step, to += to_step)
    write_padded(from, shape, to, padded, axis + 1, width);
}

class PaddedBatches final : public Elements {
 public:
  PaddedBatches(ElementsPointer input, std::int64_t size, PaddedBatchConfig config)
      : input_(std::move(input)), size_(size), config_(std::move(config)) {}
  bool next(Element& batch) override {
    std::vector<Element> elements;
    Element element;
    while (static_cast<std::int64_t>(elements.size()) < size_ && input_->next(element))
      elements.push_back(std::move(element));
    if (elements.empty() || (config_.drop_remainder && static_cast<std::int64_t>(elements.size()) < size_))
      return false;
    for (std::size_t k = 1; k < elements.size(); ++k)
      check_alike("Dataset.padded_batch", elements[0], elements[k], taken_ + static_cast<std::int64_t>(k));
    std::size_t number = 0;  // of the array among all of an element
    batch = with_places(elements[0], [&](std::size_t part, std::size_t i) {
      std::vector<Array> arrays;
      for (const Element& e : elements) arrays.push_back(e.part(part)[i]);
      return padded(arrays, number++);
    });
    check_number("padded_shapes", config_.padded_shapes.size(), number, false);
    check_number("padding_values", config_.padding_values.size(), number, true);
    taken_ += static_cast<std::int64_t>(elements.size());
    return true;
  }

 private:
  static void check_number(const char* what, std::size_t given, std::size_t arrays, bool one_for_all) {
    require<ValueError>(given == 0 || given == arrays || (one_for_all && given == 1), kPaddedBatch, "expected ", arrays,
                        " ", what, ", one for each array of an element, got ", given);
  }

  Array padded(const std::vector<Array>& arrays, std::size_t number) const {
    const Array& first = arrays[0];
    Shape longest = first.shape();
    for (std::size_t k = 0; k < arrays.size(); ++k) {
      require<ShapeError>(arrays[k].ndim() == first.ndim() && arrays[k].dtype() == first.dtype(), kPaddedBatch,
                          "expected elements of one dtype with as many axes, got ", arrays[k].spec(), " as number ",
                          taken_ + static_cast<std::int64_t>(k), " after ", first.spec());
      for (int axis = 0; axis < longest.rank(); ++axis)
        longest[axis] = std::max(longest[axis], arrays[k].shape()[axis]);
    }
    if (number < config_.padded_shapes.size()) {
      const Shape& asked = config_.padded_shapes[number];
      require<ShapeError>(asked.rank() == longest.rank(), kPaddedBatch, "expected a padded shape of ", longest.rank(),
                          " axes for array number ", number, ", got ", asked);
      for (int axis = 0; axis < longest.rank(); ++axis) {
        if (asked[axis] == kUnknown) continue;
        require<ShapeError>(longest[axis] <= asked[axis], kPaddedBatch, "an array of length ", longest[axis],
                            " in axis ", axis, " does not fit into the padded shape ", asked);
        longest[axis] = asked[axis];
      }
    }
    Array batch(longest.prepend(static_cast<std::int64_t>(arrays.size())), first.dtype());
    const auto& values = config_.padding_values;
    batch.fill(values.empty() ? 0.0 : values[values.size() == 1 ? 0 : std::min(number, values.size() - 1)]);
    std::byte* to = batch.bytes();
    for (const Array& array : arrays) {
      if (array.nbytes() > 0) write_padded(array.bytes(), array.shape(), to, longest, 0, size_of(array.dtype()));
      to += batch.nbytes() / arrays.size();
    }
    return batch;
  }

  ElementsPointer input_;
  std::int64_t size_, taken_ = 0;
  PaddedBatchConfig config_;
};

class PaddedBatchNode final : public NodeOfOne {
 public:
  PaddedBatchNode(NodePointer input, std::int64_t size, PaddedBatchConfig config)
      : NodeOfOne(std::move(input)), size_(size), config_(std::move(config)) {}
  std::int64_t cardinality() const override {
    const std::int64_t n = input().cardinality();
    return known(n) ? n / size_ + (n % size_ != 0 && !config_.drop_remainder ? 1 : 0) : n;
  }
  ElementsPointer elements(const Iteration& iteration) const override {
    return std::make_unique<PaddedBatches>(input().elements(iteration), size_, config_);
  }

 private:
  std::int64_t size_;
  PaddedBatchConfig config_;
};

}  // namespace
}  // namespace internal

Dataset Dataset::padded_batch(std::int64_t batch_size, PaddedBatchConfig config) const {
  require<ValueError>(batch_size >= 1, internal::kPaddedBatch, "expected a batch_size of at least 1, got ", batch_size);
  return internal::dataset_of<internal::PaddedBatchNode>(node_, batch_size, std::move(config));
}

}  // namespace cornu::keras::data
